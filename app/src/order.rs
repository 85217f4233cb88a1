//! The one way lists are sorted. A sort of the standard library is compiled anew for every type and every key, some five
//! kilobytes each time; here it is compiled once, for the numbers of the places.

/// What something is sorted by: a number, then a name, then an id, so that no two are the same.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(i64, String, u128);

/// Sorted by a number, such as a time, its negative for the latest first.
#[must_use]
pub fn by(number: i64, id: u128) -> Key {
    Key(number, String::new(), id)
}

/// Sorted by a rank, then by a name.
#[must_use]
pub fn by_name(rank: i64, name: String, id: u128) -> Key {
    Key(rank, name, id)
}

/// The things in the order of their keys.
pub fn sorted<T>(items: impl IntoIterator<Item = T>, key: impl Fn(&T) -> Key) -> Vec<T> {
    let mut items: Vec<_> = items.into_iter().map(Some).collect();
    let keys = items.iter().flatten().map(key).collect();
    let places = places(keys).into_iter();
    places.filter_map(|at| items.get_mut(at)?.take()).collect()
}

/// Where each thing stood, in the order of the keys.
fn places(keys: Vec<Key>) -> Vec<usize> {
    let mut all: Vec<_> = keys.into_iter().zip(0..).collect();
    all.sort_unstable();
    all.into_iter().map(|it| it.1).collect()
}

#[cfg(test)]
mod tests {
    use super::{by, by_name, sorted};

    #[test]
    fn a_number_comes_before_a_name_and_a_name_before_an_id() {
        let things = [(2, "a", 1), (1, "b", 3), (1, "b", 2), (1, "a", 9)];
        let of = |it: &(i64, &str, u128)| by_name(it.0, it.1.to_owned(), it.2);
        let order = sorted(things, of);
        assert_eq!(order, [(1, "a", 9), (1, "b", 2), (1, "b", 3), (2, "a", 1)]);
        assert_eq!(sorted([1_i64, 3, 2], |it| by(-it, 0)), [3, 2, 1]);
    }
}
