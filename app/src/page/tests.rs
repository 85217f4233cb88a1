use domain::id::{CourseId, LessonId};

use super::*;

#[test]
fn every_page_is_found_again_by_its_path() {
    let (member, booking) = (MemberId::random(7), BookingId::random(8));
    let (course, lesson) = (CourseId::random(9), LessonId::random(10));
    let pages = [
        Page::Home,
        Page::Bookings,
        Page::Host(member, None),
        Page::Host(member, Some(booking)),
        Page::Booking(booking),
        Page::Courses,
        Page::Course(course),
        Page::Lesson(course, lesson),
        Page::Play(course, lesson),
        Page::Me,
        Page::Sync,
        Page::Sights,
        Page::Devices,
        Page::Calendar,
        Page::Today,
        Page::Slots,
        Page::Interviews,
        Page::Interview(booking),
        Page::Promises,
        Page::People,
        Page::Import,
        Page::StaffCourses,
        Page::StaffCourse(course),
        Page::Subsidies,
        Page::Settings,
    ];
    for page in pages {
        let path = page.path();
        let (path, query) = path.split_once('?').unwrap_or((&path, ""));
        assert_eq!(Page::parse(path, query), Some(page));
    }
    for wrong in [
        "/booking/x",
        "/nowhere",
        "/staff/people/import/now",
        "/booking/host/",
    ] {
        assert_eq!(Page::parse(wrong, ""), None, "{wrong}");
    }
}

#[test]
fn nobody_outside_hr_opens_the_list_of_people() {
    for role in [Role::OfferHolder, Role::Mentor, Role::DeskOfficer] {
        assert!(
            !Page::People.is_for(role)
                && !Page::Import.is_for(role)
                && !Page::StaffCourses.is_for(role)
                && !Page::Subsidies.is_for(role)
                && !Page::Settings.is_for(role),
            "{role:?}"
        );
    }
}
