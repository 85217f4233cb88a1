//! Tables that keep their head in sight; on a phone each row is a card of its own. The roles are said, because a table
//! that is laid out as cards is no longer a table to every screen reader.

use leptos::prelude::*;

use crate::ui;

/// A table with a name, heads and rows.
pub(super) fn sheet(name: &'static str, heads: &[&'static str], rows: Vec<AnyView>) -> AnyView {
    let head = |it: &&'static str| {
        let attributes = ui::attributes!["scope" = "col", "role" = "columnheader"];
        ui::tag("th", attributes, vec![ui::text(*it)])
    };
    let heads = table_row(heads.iter().map(head).collect());
    let group = |tag, rows| ui::tag(tag, ui::attributes!["role" = "rowgroup"], rows);
    let attributes = ui::attributes![
        "class" = "staff-table",
        "role" = "table",
        "aria-label" = name
    ];
    let groups = vec![group("thead", vec![heads]), group("tbody", rows)];
    ui::tag("table", attributes, groups)
}

/// One row.
pub(super) fn table_row(cells: Vec<AnyView>) -> AnyView {
    ui::tag("tr", ui::attributes!["role" = "row"], cells)
}

/// One cell; `label` stands before it where there is no head. A cell without content takes no room there.
pub(super) fn cell(label: &'static str, content: Vec<AnyView>) -> AnyView {
    let mut attributes = ui::attributes!["role" = "cell"];
    if content.is_empty() {
        attributes.push(("class", "staff-table__none".into()));
    }
    if !label.is_empty() {
        attributes.push(("data-label", label.into()));
    }
    ui::tag("td", attributes, content)
}
