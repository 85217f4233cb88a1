//! What a phone shows at the door is read by the decoder that stands there, which is another maker's, in any light and from any side.

use proptest::prelude::*;
use quircs::Quirc;
use tests::{both_engines, gathering::HERE};

/// A picture as a camera takes it: the drawing turned by this much (in radians), each module so many pixels wide.
struct Picture<'a> {
    rows: &'a [u32],
    turn: f64,
    module: f64,
    /// Brightness of dark and of light.
    light: (u8, u8),
}

const WIDTH: usize = 640;
const HEIGHT: usize = 480;

impl Picture<'_> {
    fn pixel(&self, x: usize, y: usize) -> u8 {
        let from_middle = |at: usize, size: usize| at as f64 - size as f64 / 2.0;
        let (x, y) = (from_middle(x, WIDTH), from_middle(y, HEIGHT));
        let (sin, cos) = self.turn.sin_cos();
        let middle = self.rows.len() as f64 / 2.0;
        let column = ((x * cos + y * sin) / self.module + middle).floor();
        let row = ((y * cos - x * sin) / self.module + middle).floor();
        let size = 0.0..self.rows.len() as f64;
        let is_dark = size.contains(&column)
            && size.contains(&row)
            && self.rows[row as usize] >> column as u32 & 1 == 1;
        if is_dark { self.light.0 } else { self.light.1 }
    }

    /// A hand is never still: the camera takes another picture until one can be read.
    fn read(&self) -> Option<String> {
        let shaken = |by| Self {
            turn: self.turn + by,
            ..*self
        };
        [0.0, 0.02, -0.03]
            .into_iter()
            .find_map(|by| shaken(by).decoded())
    }

    fn decoded(&self) -> Option<String> {
        let pixels = (0..WIDTH * HEIGHT).map(|at| self.pixel(at % WIDTH, at / WIDTH));
        let mut reader = Quirc::new();
        let mut found = reader.identify(WIDTH, HEIGHT, &pixels.collect::<Vec<_>>());
        found.find_map(|it| String::from_utf8(it.ok()?.decode().ok()?.payload).ok())
    }
}

both_engines! {
    async fn the_code_on_the_phone_is_read_by_a_camera(town) {
        let event = town.invite_to_dinner(5, |_| {}).await;
        let aoi = town.loaded_phone_of("aoi").await;
        aoi.answer(event, HERE).await;
        let rsvp = aoi.seen().view.rsvps[&event].clone();
        for turn in [0.0, 0.3, 1.6, 3.0] {
            for light in [(0, 255), (60, 140)] {
                let picture = Picture { rows: &rsvp.qr, turn, module: 7.0, light };
                assert_eq!(picture.read(), rsvp.code, "turned by {turn}, in light {light:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever a camera sees, the door goes on.
    #[test]
    fn noise_is_no_code(seed: u64, coarse in 1_usize..40) {
        let mut chance = fastrand::Rng::with_seed(seed);
        let blots: Vec<u8> = std::iter::repeat_with(|| chance.u8(..)).take(WIDTH * HEIGHT).collect();
        let blot = |at: usize| blots[at / WIDTH / coarse * WIDTH + at % WIDTH / coarse];
        let mut reader = Quirc::new();
        let pixels: Vec<u8> = (0..WIDTH * HEIGHT).map(blot).collect();
        for code in reader.identify(WIDTH, HEIGHT, &pixels) {
            prop_assert!(code.is_err() || code.is_ok_and(|it| it.decode().is_err()));
        }
    }
}
