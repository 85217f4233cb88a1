use super::*;

const WORDS: [&str; 2] = ["hydrate_async", "any_view"];

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
    assert_eq!(snip(&whole, &WORDS), Some(expected.clone()));
    assert_eq!(snip(&expected, &WORDS), Some(expected), "once is enough");
}

#[test]
fn where_nothing_is_meant_nothing_changes() {
    let whole = module(&[
        imports(),
        code(&[body(3)]),
        names(&[(2, "any_view hydrate")]),
    ]);
    assert_eq!(snip(&whole, &WORDS), Some(whole.clone()));
}

#[test]
fn what_is_no_module_with_names_is_left_to_its_caller() {
    let nameless = module(&[imports(), code(&[body(3)])]);
    assert_eq!(snip(&nameless, &WORDS), None);
    assert_eq!(snip(b"", &WORDS), None);
    // A module that breaks off, wherever it does.
    let whole = module(&[named(), imports(), code(&[body(3), body(4), body(5)])]);
    assert!(snip(&whole, &WORDS).is_some());
    let begun = whole.len() - code(&[body(3), body(4), body(5)]).len();
    for end in (0..whole.len()).filter(|it| *it != begun) {
        assert_eq!(snip(&whole[..end], &WORDS), None, "{end} bytes");
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
