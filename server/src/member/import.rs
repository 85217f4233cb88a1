//! An import: what a sheet would change, and changing it, all or nothing; and taking the last one back.

use std::collections::HashMap;

use anyhow::Context as _;
use app::online::{ImportFault, ImportProblem, ImportReport};
use domain::{
    booking::{Cancel, CloseAvailability, CloseSlot},
    id::{ImportId, MemberId, SessionId},
    member::Role,
    refusal::Refusal,
    time::Time,
};

use super::{
    publish_change,
    queries::{self, MemberRow},
    sheet::{Entry, Sheet},
    tell_again,
};
use crate::{
    account,
    actor::{Hr, Signed},
    booking,
    db::{Conn, Turn},
    error::{ApiError, ApiResult},
    event, question,
    services::chance,
    subsidy,
};

/// What a sheet would change.
struct Plan {
    /// Each member that changes: before, when there was one, and after.
    changes: Vec<(Option<MemberRow>, MemberRow)>,
    report: ImportReport,
}

/// Compares a sheet with who is here, and with what may be done by whom. Changes nothing.
async fn plan(db: &mut Conn, by: By, sheet: &Sheet, now: Time) -> ApiResult<Plan> {
    let mut here: HashMap<String, MemberRow> = queries::everybody(db)
        .await?
        .into_iter()
        .map(|it| (it.email_key.clone(), it))
        .collect();
    let mut report = ImportReport {
        encoding: sheet.encoding.clone(),
        rows: sheet.rows,
        unknown_columns: sheet.unknown_columns.clone(),
        problems: sheet.problems.clone(),
        ..ImportReport::default()
    };
    let is_owner = |it: &MemberRow| place(it) == Some(Role::Owner);
    let mut owners = here.values().filter(|it| is_owner(it)).count();
    let had_owner = owners > 0;
    let mut lost = Vec::new();
    let mut changes = Vec::new();
    for entry in &sheet.entries {
        let before = here.remove(&entry.key);
        let after = merged(entry, before.as_ref(), now);
        match &before {
            Some(before) if *before == after => report.unchanged += 1,
            Some(before) if before.left_at.is_none() => report.changed += 1,
            _ => report.created += 1,
        }
        let problem = |fault| ImportProblem {
            row: entry.row,
            column: sheet.role_header.clone(),
            fault,
            found: entry.name.to_string(),
        };
        if !by
            .role()
            .may_move(before.as_ref().and_then(place), place(&after))
        {
            report.problems.push(problem(ImportFault::OwnersAlone));
            continue;
        }
        let was_owner = before.as_ref().is_some_and(is_owner);
        match (was_owner, is_owner(&after)) {
            (true, false) => {
                owners -= 1;
                lost.push(problem(ImportFault::LastOwner));
            }
            (false, true) => owners += 1,
            _ => {}
        }
        if before.as_ref() != Some(&after) {
            changes.push((before, after));
        }
    }
    if had_owner && owners == 0 {
        report.problems.extend(lost);
    }
    report.problems.sort_by_key(|it| it.row);
    Ok(Plan { changes, report })
}

/// The role of somebody who is here.
fn place(it: &MemberRow) -> Option<Role> {
    it.left_at.is_none().then_some(it.role)
}

/// The member that an entry makes of the one who is here. What the file does not tell stays as it is.
fn merged(entry: &Entry, before: Option<&MemberRow>, now: Time) -> MemberRow {
    let mut it = before.cloned().unwrap_or_else(|| MemberRow {
        id: MemberId::born(now, chance()),
        role: Role::OfferHolder,
        name: entry.name.clone(),
        kana: None,
        email: entry.email.clone(),
        email_key: entry.key.clone(),
        school: None,
        faculty: None,
        graduation_year: None,
        team: None,
        joining: None,
        talks_about: None,
        created_at: now,
        left_at: None,
    });
    it.name = entry.name.clone();
    it.email.clone_from(&entry.email);
    it.left_at = None;
    if let Some(role) = entry.role {
        it.role = role;
    }
    for (place, told) in [
        (&mut it.kana, &entry.kana),
        (&mut it.school, &entry.school),
        (&mut it.faculty, &entry.faculty),
        (&mut it.team, &entry.team),
    ] {
        if let Some(told) = told {
            place.clone_from(told);
        }
    }
    if let Some(year) = entry.graduation_year {
        it.graduation_year = year;
    }
    if let Some(joining) = entry.joining {
        it.joining = joining;
    }
    it
}

/// What a sheet would change, for a dry run.
pub(crate) async fn try_out(
    db: &mut Conn,
    by: By,
    sheet: &Sheet,
    now: Time,
) -> ApiResult<ImportReport> {
    Ok(plan(db, by, sheet, now).await?.report)
}

/// Who answers for an import: HR on a page, or whoever has the machine.
#[derive(Debug, Clone, Copy)]
pub(crate) enum By {
    /// On the page.
    Hr(Hr),
    /// On the command line: the owner is noted for it, and whoever has the machine may do what the owner may.
    Machine,
}

impl By {
    fn role(self) -> Role {
        match self {
            Self::Hr(hr) => hr.signed().role,
            Self::Machine => Role::Owner,
        }
    }
}

/// Carries out a sheet, in one turn; with any problem nothing changes. Says, besides the report, who has another role
/// now: what is remembered of their sessions is no longer so.
pub(crate) async fn carry_out(
    turn: &mut Turn,
    by: By,
    sheet: &Sheet,
) -> ApiResult<(ImportReport, Vec<MemberId>)> {
    let now = turn.now();
    let Plan {
        changes,
        mut report,
    } = plan(turn.conn(), by, sheet, now).await?;
    if !report.problems.is_empty() {
        return Ok((report, Vec::new()));
    }
    report.is_done = true;
    if changes.is_empty() {
        return Ok((report, Vec::new()));
    }
    let after: Vec<&MemberRow> = changes.iter().map(|it| &it.1).collect();
    queries::put(turn.conn(), &after).await?;
    let by = match by {
        By::Hr(hr) => hr.id(),
        By::Machine => match owner(turn.conn()).await? {
            Some(owner) => owner,
            None => {
                return Err(ApiError::Malformed(
                    "nobody here is an owner yet: give one person in the file the role 管理責任者 (owner)",
                ));
            }
        },
    };
    let before: Vec<_> = changes
        .iter()
        .map(|(before, after)| (after.id, before.as_ref()))
        .collect();
    queries::add_import(
        turn.conn(),
        ImportId::born(now, chance()),
        by,
        (report.created, report.changed),
        &before,
        now,
    )
    .await?;
    for (before, after) in &changes {
        publish_change(turn, before.as_ref(), after)?;
        if before.as_ref().is_some_and(|it| it.name != after.name) {
            tell_again(turn, after.id).await?;
        }
    }
    let ids: Vec<MemberId> = changes.iter().map(|it| it.1.id).collect();
    event::publish::for_members(turn, &ids).await?;
    let moved = changes
        .iter()
        .filter(|it| it.0.as_ref().is_some_and(|before| before.role != it.1.role))
        .map(|it| it.1.id);
    Ok((report, moved.collect()))
}

async fn owner(db: &mut Conn) -> ApiResult<Option<MemberId>> {
    let everybody = queries::everybody(db).await?;
    Ok(everybody
        .into_iter()
        .filter(|it| place(it) == Some(Role::Owner))
        .map(|it| it.id)
        .min())
}

/// Takes the latest import back: members are as they were, those it brought are gone again, with what they had opened
/// or booked. Says whose sessions are no longer what they were.
pub(crate) async fn undo(turn: &mut Turn, hr: Hr, id: ImportId) -> ApiResult<Vec<MemberId>> {
    let now = turn.now();
    let latest = queries::latest_import(turn.conn(), hr)
        .await?
        .filter(|it| it.id == id);
    latest.ok_or(Refusal::NotThere)?;
    let rows = queries::import_rows(turn.conn(), id).await?;
    let here: HashMap<MemberId, MemberRow> = queries::everybody(turn.conn())
        .await?
        .into_iter()
        .map(|it| (it.id, it))
        .collect();
    let mut changes = Vec::with_capacity(rows.len());
    for (member, before) in rows {
        let current = here
            .get(&member)
            .context("an import names a member who is not here")?;
        let restored = match before {
            // The person's own words since then are theirs.
            Some(before) => MemberRow {
                talks_about: current.talks_about.clone(),
                ..before
            },
            None => MemberRow {
                left_at: Some(now),
                ..current.clone()
            },
        };
        changes.push((current.clone(), restored));
    }
    let touched: HashMap<MemberId, &MemberRow> =
        changes.iter().map(|it| (it.1.id, &it.1)).collect();
    let after = here
        .values()
        .map(|it| touched.get(&it.id).copied().unwrap_or(it));
    let may_move = |(current, restored): &(MemberRow, MemberRow)| {
        hr.signed().role.may_move(place(current), place(restored))
    };
    // Nobody saws off the branch that they, or the company, sit on.
    if after.filter(|it| place(it) == Some(Role::Owner)).count() == 0 {
        return Err(Refusal::OwnerNeeded.into());
    }
    if !changes.iter().all(may_move) {
        return Err(Refusal::OwnersAlone.into());
    }
    if changes
        .iter()
        .any(|it| it.1.id == hr.id() && it.1.left_at.is_some())
    {
        return Err(Refusal::OwnPlace.into());
    }
    for (current, restored) in &changes {
        if restored.left_at.is_some() && current.left_at.is_none() {
            take_leave(turn, hr, current).await?;
        }
    }
    let after: Vec<&MemberRow> = changes.iter().map(|it| &it.1).collect();
    queries::put(turn.conn(), &after).await?;
    for (current, restored) in &changes {
        publish_change(turn, Some(current), restored)?;
        if current.name != restored.name {
            tell_again(turn, restored.id).await?;
        }
    }
    let ids: Vec<MemberId> = changes.iter().map(|it| it.1.id).collect();
    event::publish::for_members(turn, &ids).await?;
    queries::set_undone(turn.conn(), id, now).await?;
    let moved = changes.iter().filter(|(current, restored)| {
        (current.role, current.left_at) != (restored.role, restored.left_at)
    });
    Ok(moved.map(|it| it.1.id).collect())
}

/// A member goes: sessions end, slots close with a word to whoever booked them, own bookings are cancelled.
async fn take_leave(turn: &mut Turn, hr: Hr, member: &MemberRow) -> ApiResult<()> {
    let now = turn.now();
    account::end_all_sessions(turn.conn(), member.id, now).await?;
    // Nobody is signed in as this member; the features only ask for id and role.
    let signed = Signed {
        id: member.id,
        role: member.role,
        session: SessionId::born(now, chance()),
    };
    if let Ok(host) = signed.as_host() {
        for availability in queries::rules_of(turn.conn(), member.id).await? {
            booking::close_availability(turn, host, &CloseAvailability { availability }).await?;
        }
        for slot in queries::slots_of(turn.conn(), member.id, now).await? {
            let word = "担当者の登録が取り消されたため、この面談はできなくなりました。".to_owned();
            booking::close_slot(turn, hr.signed(), &CloseSlot { slot, word }).await?;
        }
    }
    if let Ok(holder) = signed.as_offer_holder() {
        for booking in queries::ahead_of(turn.conn(), member.id, now).await? {
            booking::cancel(turn, holder, &Cancel { booking }).await?;
        }
        event::take_leave(turn, member.id).await?;
        question::take_leave(turn, member.id).await?;
        subsidy::take_leave(turn, member.id).await?;
    }
    Ok(())
}
