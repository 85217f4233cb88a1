use super::*;

fn is_meant(name: &str) -> bool {
    ["hydrate_async", "any_view"]
        .iter()
        .all(|it| name.contains(it))
}

/// A function's body without locals: so many times nothing, then its end.
fn body(nothings: usize) -> Vec<u8> {
    let mut body = vec![0x00];
    body.resize(1 + nothings, 0x01);
    body.push(0x0b);
    body
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    let mut sized = Vec::new();
    put(&mut sized, bytes.len());
    sized.extend(bytes);
    sized
}

fn part(id: u8, bytes: &[u8]) -> Vec<u8> {
    [vec![id], sized(bytes)].concat()
}

/// Something of each kind that can be imported; only the two functions are counted among the functions.
fn imports() -> Vec<u8> {
    let kinds: [&[u8]; 5] = [
        &[0, 0],
        &[1, 0x70, 0, 1],
        &[2, 1, 1, 2],
        &[3, 0x7f, 0],
        &[0, 0],
    ];
    let mut imports = vec![5];
    for kind in kinds {
        imports.extend([sized(b"env"), sized(b"it"), kind.to_vec()].concat());
    }
    part(IMPORTS, &imports)
}

fn code(bodies: &[Vec<u8>]) -> Vec<u8> {
    let mut code = Vec::new();
    put(&mut code, bodies.len());
    code.extend(bodies.iter().flat_map(|it| sized(it)));
    part(CODE, &code)
}

/// What tools keep beside the program: the module's own name first, then those of its functions.
fn names(names: &[(usize, &str)]) -> Vec<u8> {
    let mut functions = Vec::new();
    put(&mut functions, names.len());
    for (function, name) in names {
        put(&mut functions, *function);
        functions.extend(sized(name.as_bytes()));
    }
    let parts = [
        sized(b"name"),
        part(0, &sized(b"console")),
        part(1, &functions),
    ];
    part(CUSTOM, &parts.concat())
}

fn module(parts: &[Vec<u8>]) -> Vec<u8> {
    [b"\0asm\x01\0\0\0".to_vec(), parts.concat()].concat()
}

/// Two functions are imported, so the program's own begin with the third.
fn named() -> Vec<u8> {
    names(&[
        (0, "any_view hydrate_async, but imported"),
        (2, "tachys any_view hydrate"),
        (3, "tachys any_view hydrate_async"),
        (4, "hydrate_async of something else"),
        (300, "any_view hydrate_async of nobody"),
    ])
}

#[test]
fn only_the_functions_that_are_meant_become_traps() {
    let other = part(CUSTOM, &sized(b"producers"));
    // A body of more than 127 bytes has a length of two.
    let bodies = [body(5), body(1_000), body(200)];
    let whole = module(&[imports(), code(&bodies), other.clone(), named()]);
    let [first, _, last] = bodies;
    let expected = module(&[
        imports(),
        code(&[first, TRAP.to_vec(), last]),
        other,
        named(),
    ]);
    assert_eq!(snip(&whole, is_meant), Some((expected.clone(), 1)));
    assert_eq!(
        snip(&expected, is_meant),
        Some((expected, 1)),
        "once is enough"
    );
}

#[test]
fn where_nothing_is_meant_nothing_changes() {
    let whole = module(&[
        imports(),
        code(&[body(3)]),
        names(&[(2, "any_view hydrate")]),
    ]);
    assert_eq!(snip(&whole, is_meant), Some((whole.clone(), 0)));
}

#[test]
fn what_is_no_module_with_names_is_left_to_its_caller() {
    let nameless = module(&[imports(), code(&[body(3)])]);
    assert_eq!(snip(&nameless, is_meant), None);
    assert_eq!(snip(b"", is_meant), None);
    // A module that breaks off, wherever it does.
    let whole = module(&[named(), imports(), code(&[body(3), body(4), body(5)])]);
    assert!(snip(&whole, is_meant).is_some());
    let begun = whole.len() - code(&[body(3), body(4), body(5)]).len();
    for end in (0..whole.len()).filter(|it| *it != begun) {
        assert_eq!(snip(&whole[..end], is_meant), None, "{end} bytes");
    }
}

#[test]
fn numbers_are_read_as_they_are_written() {
    for written in [0, 1, 127, 128, 16_383, 16_384, 2_097_151, u32::MAX as usize] {
        let mut bytes = Vec::new();
        put(&mut bytes, written);
        let mut rest = &bytes[..];
        assert_eq!(number(&mut rest), Some(written));
        assert!(rest.is_empty());
    }
}

/// Names as compilers write them: Rust 1.95 and before, 1.96 and later.
#[test]
fn the_body_is_known_by_its_old_name_and_by_its_new_one() {
    let old = "_ZN53_$LT$T$u20$as$u20$tachys..view..any_view..IntoAny$GT$8into_any13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$17hd35ddbbc8a5f24a3E";
    let new = "_RNCINvNvXs2_NtNtCskfljnejJUzH_6tachys4view8any_viewpNtBa_7IntoAny8into_any13hydrate_asyncuE0CsbTXvuuExjEi_6leptos";
    for meant in [old, new] {
        assert!(
            is_lazy_hydration(meant),
            "{:#}",
            rustc_demangle::demangle(meant)
        );
    }
    for other in [
        // The function that makes the future, and somebody else's of the same name.
        "_RINvNvXs2_NtNtCskfljnejJUzH_6tachys4view8any_viewpNtB8_7IntoAny8into_any13hydrate_asyncuECsbTXvuuExjEi_6leptos",
        "_RNCNvXs5_NtNtCskfljnejJUzH_6tachys4view8any_viewNtB7_7AnyViewNtB9_10RenderHtml13hydrate_async0Cs5p63VLn6hOn_3app",
        "_RNCNvYuNtNtCskfljnejJUzH_6tachys4view10RenderHtml13hydrate_async0Cs5p63VLn6hOn_3app",
        "_ZN53_$LT$T$u20$as$u20$tachys..view..any_view..IntoAny$GT$8into_any12hydrate_sync17hd35ddbbc8a5f24a3E",
    ] {
        assert!(
            !is_lazy_hydration(other),
            "{:#}",
            rustc_demangle::demangle(other)
        );
    }
}
