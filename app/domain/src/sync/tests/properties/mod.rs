//! Random lives: two phones of Aoi, one of Mio (a mentor), copies of them, and a network and a server that do all
//! they can. When everything has healed, nothing is lost, nothing happened twice, and every phone holds exactly what
//! its person may see.

mod deed;
mod world;

use proptest::{prelude::*, test_runner::Config};

use deed::deeds;
use world::{PHONES, World};

const CASES: u32 = 20_000;

proptest! {
    #![proptest_config(Config {
        cases: CASES,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    })]

    #[test]
    fn phones_agree_and_nothing_is_lost(
        deeds in prop::collection::vec((0..PHONES, 0_usize..2, deeds()), 1..60),
    ) {
        let mut world = World::new();
        for (phone, tab, deed) in deeds {
            world.deed(phone, tab, deed);
            world.check();
        }
        world.heal();
        world.calm_down();
        world.judge();
    }
}
