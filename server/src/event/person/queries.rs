//! SQL of the people whom an event is about.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use domain::{
    event::Invited,
    id::MemberId,
    member::{Language, Role},
    text::Name,
    time::Day,
};

use super::{Person, business_year};
use crate::{
    db::{Conn, many},
    event::queries::decode,
};

/// Who is invited by name or by cohort; for everyone there is an audience.
pub(in crate::event) async fn invited(db: &mut Conn, invited: &Invited) -> Result<Vec<MemberId>> {
    match invited {
        Invited::Everyone => people(db, (i64::MIN, i64::MAX)).await,
        Invited::Cohort(year) => people(db, business_year(*year)).await,
        Invited::Chosen(people) => Ok(people.clone()),
    }
}

async fn people(db: &mut Conn, (from, until): (i64, i64)) -> Result<Vec<MemberId>> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "select id from members where role = 'offer_holder' and left_at is null \
         and ($1 = $3 or (joining >= $1 and joining < $2)) order by id",
    )
    .bind(from)
    .bind(until)
    .bind(i64::MIN)
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|it| Ok(it.0.parse()?)).collect()
}

/// These people, as many of them as have a place here.
pub(in crate::event) async fn persons(
    db: &mut Conn,
    ids: &[MemberId],
) -> Result<HashMap<MemberId, Person>> {
    type Row = (String, String, String, Option<i64>, String);
    let select =
        "select id, name, language, joining, role from members where left_at is null and id in";
    let rows: Vec<Row> = many::read(db, select, 1, "", ids, |query, id| {
        query.bind(id.to_string())
    })
    .await?;
    rows.into_iter()
        .map(|(id, name, language, joining, role)| {
            let person = Person {
                name: Name::new(&name).map_err(decode)?,
                language: Language::from_code(&language).unwrap_or_default(),
                joining: joining
                    .map(i32::try_from)
                    .transpose()?
                    .map(Day::from_number),
                is_holder: Role::from_code(&role) == Some(Role::OfferHolder),
            };
            Ok((id.parse()?, person))
        })
        .collect()
}

/// These people, as many of them as host and have a place here, in the order in which they were named.
pub(in crate::event) async fn hosts(
    db: &mut Conn,
    ids: &[MemberId],
) -> Result<Vec<(MemberId, Name)>> {
    let select = "select id, name, role from members where left_at is null and id in";
    let rows: Vec<(String, String, String)> = many::read(db, select, 1, "", ids, |query, id| {
        query.bind(id.to_string())
    })
    .await?;
    let mut hosts = Vec::with_capacity(rows.len());
    for (id, name, role) in rows {
        if Role::from_code(&role).is_some_and(|it| it.is_host() || it.is_hr()) {
            hosts.push((id.parse()?, Name::new(&name).map_err(decode)?));
        }
    }
    hosts.sort_by_key(|(id, _)| ids.iter().position(|it| it == id));
    Ok(hosts)
}

pub(in crate::event) async fn names(
    db: &mut Conn,
    ids: &[MemberId],
) -> Result<BTreeMap<MemberId, (Name, Language)>> {
    let rows: Vec<(String, String, String)> = many::read(
        db,
        "select id, name, language from members where id in",
        1,
        "",
        ids,
        |query, id| query.bind(id.to_string()),
    )
    .await?;
    rows.into_iter()
        .map(|(id, name, language)| {
            let name = Name::new(&name).map_err(decode)?;
            Ok((
                id.parse()?,
                (name, Language::from_code(&language).unwrap_or_default()),
            ))
        })
        .collect()
}
