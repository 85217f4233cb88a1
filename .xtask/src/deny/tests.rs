//! SPDX expressions as crates really write them.

use super::allowed;

#[test]
fn expressions_are_met_by_the_allowed_licences() {
    let licences = [
        "MIT",
        "Apache-2.0",
        "Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception",
    ]
    .map(str::to_owned)
    .into();
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("", false),
        ("MIT OR GPL-3.0", true),
        ("GPL-3.0 OR MIT", true),
        ("MIT AND GPL-3.0", false),
        ("MIT/Apache-2.0", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(GPL-3.0 OR Apache-2.0) AND ISC", false),
        ("MIT OR Apache-2.0 AND ISC", true),
        ("Apache-2.0 WITH LLVM-exception OR ISC", true),
        ("MIT WITH LLVM-exception", false),
        ("(MIT", false),
        ("MIT Apache-2.0", false),
    ] {
        assert_eq!(allowed(expression, &licences), met, "{expression}");
    }
}
