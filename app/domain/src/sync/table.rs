//! Rows of one kind by their ids.
//!
//! Rows are shared, not copied: what is seen is made anew with every wish, and most of its rows are those of before. It also
//! keeps the browser's code small: a tree of pointers is the same code whatever they point to, so it is there once.

use std::{
    collections::{BTreeMap, btree_map},
    ops::Index,
    sync::Arc,
};

/// Rows of one kind by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<K, V>(BTreeMap<K, Arc<V>>);

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord, V> Table<K, V> {
    /// The row of an id.
    #[must_use]
    pub fn get(&self, id: &K) -> Option<&V> {
        self.0.get(id).map(Arc::as_ref)
    }

    /// Is there a row of this id?
    #[must_use]
    pub fn contains_key(&self, id: &K) -> bool {
        self.0.contains_key(id)
    }

    /// Puts a row, in place of the one that was there.
    pub fn insert(&mut self, id: K, row: V) {
        self.0.insert(id, Arc::new(row));
    }

    /// Puts a row where there is none.
    pub fn insert_new(&mut self, id: K, row: V) {
        self.0.entry(id).or_insert_with(|| Arc::new(row));
    }

    /// Takes a row away.
    pub fn remove(&mut self, id: &K) {
        self.0.remove(id);
    }

    /// Keeps the rows of which this is true.
    pub fn retain(&mut self, mut is_kept: impl FnMut(&K, &V) -> bool) {
        self.0.retain(|id, row| is_kept(id, row));
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
    pub fn keys(&self) -> btree_map::Keys<'_, K, Arc<V>> {
        self.0.keys()
    }

    /// All rows, in the order of their ids.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &V> + DoubleEndedIterator + Clone {
        self.0.values().map(Arc::as_ref)
    }

    /// All ids with their rows.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&K, &V)> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(id, row)| (id, &**row))
    }
}

impl<K: Ord, V: Clone> Table<K, V> {
    /// The row of an id, to be changed here and nowhere else.
    pub fn get_mut(&mut self, id: &K) -> Option<&mut V> {
        self.0.get_mut(id).map(Arc::make_mut)
    }
}

impl<K: Ord, V> Index<&K> for Table<K, V> {
    type Output = V;
    fn index(&self, id: &K) -> &V {
        &self.0[id]
    }
}
