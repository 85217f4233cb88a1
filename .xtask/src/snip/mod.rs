//! Takes functions out that nothing calls but that the linker has to keep.
//!
//! A view that can stand for any other carries a table of functions. The one for pages whose code is loaded lazily
//! (`hydrate_async`) is never called here, because a bundle hydrates at once; yet it was a seventh of each bundle. Its body
//! becomes a trap: were it ever called, the page would stop with a fault instead of doing something else.

use std::collections::BTreeSet;

/// The body of the future that lazy pages wait for, by the name that the compiler wrote, in its old way or in its new one.
/// Only the body: the compiler gives functions with equal code one name, and short ones are equal to many.
pub(crate) fn is_lazy_hydration(name: &str) -> bool {
    let name = format!("{:#}", rustc_demangle::demangle(name));
    let parts = name.split_once(" as tachys::view::any_view::IntoAny>::into_any::hydrate_async");
    // What stands for any type at all; with the type itself this would be part of some other function's name.
    parts.is_some_and(|(any, inside)| matches!(any, "<T" | "<_") && inside.contains("closure"))
}

/// Replaces the body of every function whose name is meant, and says how many there were. None if this is not a module
/// with names.
pub(crate) fn snip(module: &[u8], is_meant: impl Fn(&str) -> bool) -> Option<(Vec<u8>, usize)> {
    let (header, mut rest) = module.split_at_checked(8)?;
    let mut sections = Vec::new();
    while let [id, after @ ..] = rest {
        rest = after;
        let length = number(&mut rest)?;
        sections.push((*id, take(&mut rest, length)?));
    }
    let imported = imported_functions(section(&sections, IMPORTS)?)?;
    let names = sections
        .iter()
        .filter(|it| it.0 == CUSTOM)
        .find_map(|it| function_names(it.1))?;
    let meant: BTreeSet<usize> = names
        .into_iter()
        .filter(|(_, name)| is_meant(&String::from_utf8_lossy(name)))
        .map(|(function, _)| function)
        .collect();
    let mut count = 0;
    let mut is_snipped = |at: usize| {
        let is_meant = meant.contains(&(imported + at));
        count += usize::from(is_meant);
        is_meant
    };
    let mut snipped = header.to_vec();
    for (id, body) in &sections {
        let code = if *id == CODE {
            with_traps(body, &mut is_snipped)?
        } else {
            body.to_vec()
        };
        snipped.push(*id);
        put(&mut snipped, code.len());
        snipped.extend(code);
    }
    Some((snipped, count))
}

const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const CODE: u8 = 10;
/// No locals, `unreachable`, `end`.
const TRAP: [u8; 3] = [0x00, 0x00, 0x0b];

fn section<'a>(sections: &[(u8, &'a [u8])], id: u8) -> Option<&'a [u8]> {
    sections.iter().find(|it| it.0 == id).map(|it| it.1)
}

fn with_traps(mut code: &[u8], is_snipped: &mut dyn FnMut(usize) -> bool) -> Option<Vec<u8>> {
    let count = number(&mut code)?;
    let mut replaced = Vec::with_capacity(code.len());
    put(&mut replaced, count);
    for at in 0..count {
        let length = number(&mut code)?;
        let body = take(&mut code, length)?;
        let body = if is_snipped(at) { &TRAP[..] } else { body };
        put(&mut replaced, body.len());
        replaced.extend(body);
    }
    Some(replaced)
}

/// Functions are numbered from the imported ones on.
fn imported_functions(mut imports: &[u8]) -> Option<usize> {
    let mut functions = 0;
    for _ in 0..number(&mut imports)? {
        for _ in ["module", "name"] {
            let length = number(&mut imports)?;
            take(&mut imports, length)?;
        }
        match take(&mut imports, 1)? {
            [0] => {
                number(&mut imports)?;
                functions += 1;
            }
            [1] => {
                take(&mut imports, 1)?;
                limits(&mut imports)?;
            }
            [2] => limits(&mut imports)?,
            _ => drop(take(&mut imports, 2)?),
        }
    }
    Some(functions)
}

fn limits(bytes: &mut &[u8]) -> Option<()> {
    let flags = number(bytes)?;
    number(bytes)?;
    if flags & 1 == 1 {
        number(bytes)?;
    }
    Some(())
}

/// The names of functions, if this is the section that holds them.
fn function_names(mut names: &[u8]) -> Option<Vec<(usize, &[u8])>> {
    let length = number(&mut names)?;
    if take(&mut names, length)? != b"name" {
        return None;
    }
    while let [kind, after @ ..] = names {
        names = after;
        let length = number(&mut names)?;
        let mut part = take(&mut names, length)?;
        if *kind != 1 {
            continue;
        }
        let mut found = Vec::new();
        for _ in 0..number(&mut part)? {
            let function = number(&mut part)?;
            let length = number(&mut part)?;
            found.push((function, take(&mut part, length)?));
        }
        return Some(found);
    }
    None
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

/// A number as WebAssembly writes it: seven bits a byte, the lowest first.
fn number(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in (0..35).step_by(7) {
        let byte = take(bytes, 1)?[0];
        number |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

fn put(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap_or(0));
}

#[cfg(test)]
mod tests;
