//! One page of a pull, from one snapshot: what changed in held audiences, then whole audiences from their beginning.
//!
//! A page ends where it is full, at any row: a phone on a bad connection gets something to show with the first one, and
//! no answer grows with the company.

use anyhow::Result;
use domain::{sync::wire::RowChange, visibility::Audience};

use super::{cursor::Half, queries};
use crate::db::Conn;

/// Bytes of rows that fill a page. Compressed, about an eighth of it travels.
pub(super) const PAGE_BYTES: usize = 128 << 10;
/// Rows read at once.
const ROWS: usize = 1_000;

/// What one answer carries.
pub(super) struct Page {
    /// Everything up to here is told, in the audiences held.
    pub(super) seq: i64,
    pub(super) rows: Vec<RowChange>,
    /// Audiences that begin on this page.
    pub(super) enter: Vec<Audience>,
    /// Audiences held after it.
    pub(super) held: Vec<Audience>,
    /// The one that goes on, on the next page.
    pub(super) half: Option<(Audience, Half)>,
    /// There is a next page.
    pub(super) more: bool,
}

/// Bytes of a row on the wire, about.
pub(super) fn size(row: &RowChange) -> usize {
    64 + row.4.as_ref().map_or(0, |it| it.get().len())
}

/// Reads a page. `entered` says of each audience how far it was sent already, if it was.
pub(super) async fn read(
    conn: &mut Conn,
    held: &[Audience],
    since: i64,
    entered: &[(Audience, Option<Half>)],
) -> Result<Page> {
    let newest = queries::seq(conn).await?;
    let mut page = Page {
        seq: newest,
        rows: Vec::new(),
        enter: Vec::new(),
        held: held.to_vec(),
        half: None,
        more: false,
    };
    let mut until = newest;
    for audience in held {
        let rows = queries::changes(conn, *audience, since, ROWS).await?;
        if let (ROWS, Some(last)) = (rows.len(), rows.last()) {
            until = until.min(last.2);
        }
        page.rows.extend(rows);
    }
    page.rows.sort_unstable_by_key(|it| it.2);
    let mut bytes = 0;
    let fits = |row: &&RowChange| {
        let is_room = bytes < PAGE_BYTES;
        bytes += size(row);
        is_room && row.2 <= until
    };
    let count = page.rows.iter().take_while(fits).count();
    if count < page.rows.len() || until < newest {
        page.rows.truncate(count);
        page.seq = page.rows.last().map_or(until, |it| it.2);
        page.half = entered.iter().find_map(|(it, half)| Some((*it, (*half)?)));
        page.more = true;
        return Ok(page);
    }
    // The one that was begun goes on before another begins.
    let (begun, new): (Vec<_>, Vec<_>) = entered.iter().copied().partition(|it| it.1.is_some());
    for (audience, half) in begun.into_iter().chain(new) {
        if bytes >= PAGE_BYTES {
            page.more = true;
            break;
        }
        if half.is_none() {
            page.enter.push(audience);
        }
        let mut half = half.unwrap_or(Half {
            until: 0,
            began: newest,
        });
        enter(conn, &mut page, audience, &mut half, &mut bytes).await?;
        if bytes >= PAGE_BYTES {
            page.half = Some((audience, half));
            page.more = true;
            break;
        }
        page.held.push(audience);
    }
    page.rows.sort_unstable_by_key(|it| it.2);
    Ok(page)
}

/// Puts the rows of an audience on the page until it is full.
async fn enter(
    conn: &mut Conn,
    page: &mut Page,
    audience: Audience,
    half: &mut Half,
    bytes: &mut usize,
) -> Result<()> {
    loop {
        // What was gone before the first page was never sent.
        let rows = queries::live(conn, audience, half.until, half.began, ROWS).await?;
        let is_last = rows.len() < ROWS;
        for row in rows {
            if *bytes >= PAGE_BYTES {
                return Ok(());
            }
            half.until = row.2;
            *bytes += size(&row);
            page.rows.push(row);
        }
        if is_last {
            return Ok(());
        }
    }
}
