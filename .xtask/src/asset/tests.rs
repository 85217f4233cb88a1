//! What a build leaves behind for the pages of the ones before it.

use super::*;

/// Builds a site of one file after another and says which files are left.
fn left_after(builds: &[&str]) -> Vec<String> {
    let name = format!("kakehashi-builds-{}-{}", std::process::id(), builds.len());
    let site = std::env::temp_dir().join(name);
    let mut written = Vec::new();
    for build in builds {
        let mut assets = Assets::open(&site, Mode::Dev).unwrap();
        written.push(assets.add("portal", "js", build.as_bytes()).unwrap());
        assets.keep_last_builds(build).unwrap();
    }
    let is_left = |address: &String| site.join(&address[1..]).exists();
    let left = builds.iter().zip(&written).filter(|it| is_left(it.1));
    let left = left.map(|it| (*it.0).to_owned()).collect();
    fs::remove_dir_all(site).unwrap();
    left
}

#[test]
fn the_files_of_the_last_three_builds_stay() {
    assert_eq!(left_after(&["a", "b", "c"]), ["a", "b", "c"]);
    assert_eq!(left_after(&["a", "b", "c", "d"]), ["b", "c", "d"]);
}

#[test]
fn a_build_made_twice_counts_once() {
    assert_eq!(
        left_after(&["a", "b", "c", "c", "c"]),
        ["a", "b", "c", "c", "c"]
    );
}
