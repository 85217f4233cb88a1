//! Rows of one kind by their ids.
//!
//! Rows are shared, not copied: what is seen is made anew with every wish, and most of its rows are those of before. It is a
//! list in the order of ids, searched by halves: it is copied as one piece, rows mostly come in their order, and the
//! browser's code for it is a third of a tree's.

use std::{ops::Index, sync::Arc};

/// Rows of one kind by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<K, V>(Vec<(K, Arc<V>)>);

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> Table<K, V> {
    /// Where the row of an id is, or where it would be.
    fn place(&self, id: &K) -> Result<usize, usize> {
        // Rows that come in their order need no search.
        if self.0.last().is_none_or(|last| last.0 < *id) {
            return Err(self.0.len());
        }
        self.0.binary_search_by(|it| it.0.cmp(id))
    }

    /// The row of an id.
    #[must_use]
    pub fn get(&self, id: &K) -> Option<&V> {
        let at = self.place(id).ok()?;
        self.0.get(at).map(|it| &*it.1)
    }

    /// Is there a row of this id?
    #[must_use]
    pub fn contains_key(&self, id: &K) -> bool {
        self.place(id).is_ok()
    }

    /// Puts a row, in place of the one that was there.
    pub fn insert(&mut self, id: K, row: V) {
        let row = Arc::new(row);
        match self.place(&id) {
            Ok(at) => self.0[at].1 = row,
            Err(at) => self.0.insert(at, (id, row)),
        }
    }

    /// Puts a row where there is none.
    pub fn insert_new(&mut self, id: K, row: V) {
        if let Err(at) = self.place(&id) {
            self.0.insert(at, (id, Arc::new(row)));
        }
    }

    /// Takes a row away.
    pub fn remove(&mut self, id: &K) {
        if let Ok(at) = self.place(id) {
            self.0.remove(at);
        }
    }

    /// Keeps the rows of which this is true.
    pub fn retain(&mut self, mut is_kept: impl FnMut(&K, &V) -> bool) {
        self.0.retain(|(id, row)| is_kept(id, row));
    }

    /// Is there no row?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All ids, in their order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &K> + DoubleEndedIterator + Clone {
        self.0.iter().map(|it| &it.0)
    }

    /// All rows, in the order of their ids.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &V> + DoubleEndedIterator + Clone {
        self.0.iter().map(|it| &*it.1)
    }

    /// All ids with their rows.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&K, &V)> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(id, row)| (id, &**row))
    }
}

impl<K: Ord, V: Clone> Table<K, V> {
    /// The row of an id, to be changed here and nowhere else.
    pub fn get_mut(&mut self, id: &K) -> Option<&mut V> {
        let at = self.place(id).ok()?;
        self.0.get_mut(at).map(|it| Arc::make_mut(&mut it.1))
    }
}

impl<K: Ord, V> Index<&K> for Table<K, V> {
    type Output = V;
    fn index(&self, id: &K) -> &V {
        // A place beyond the end where there is none: it panics, as an index does.
        &self.0[self.place(id).unwrap_or(usize::MAX)].1
    }
}
