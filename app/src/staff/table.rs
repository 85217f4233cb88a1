//! Tables that keep their head in sight; on a phone each row is a card of its own. The roles are said, because a table
//! that is laid out as cards is no longer a table to every screen reader.

use leptos::prelude::*;

use crate::ui;

/// A table with a name, heads and rows.
pub(super) fn sheet(name: &'static str, heads: &[&'static str], rows: Vec<AnyView>) -> AnyView {
    let head = |it: &&'static str| {
        let text = ui::text(*it);
        view! { <th scope="col" role="columnheader">{text}</th> }.into_any()
    };
    let heads = table_row(heads.iter().map(head).collect());
    view! {
        <table class="staff-table" role="table" aria-label=name>
            <thead role="rowgroup">{heads}</thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
    .into_any()
}

/// One row.
pub(super) fn table_row(cells: Vec<AnyView>) -> AnyView {
    view! { <tr role="row">{cells}</tr> }.into_any()
}

/// One cell; `label` stands before it where there is no head. A cell without content takes no room there.
pub(super) fn cell(label: &'static str, content: Vec<AnyView>) -> AnyView {
    let class = content.is_empty().then_some("staff-table__none");
    let label = (!label.is_empty()).then_some(label);
    view! { <td role="cell" class=class data-label=label>{content}</td> }.into_any()
}
