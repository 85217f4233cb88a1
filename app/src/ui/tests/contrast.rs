//! The colours of `style/tokens.css` against each other, as WCAG 2.2 counts.

const TOKENS: &str = include_str!("../../../../style/tokens.css");

/// The light and the dark value of a token.
fn pair(name: &str) -> [f64; 2] {
    let line = TOKENS
        .lines()
        .find(|it| {
            it.trim_start()
                .starts_with(&format!("--{name}: light-dark"))
        })
        .unwrap_or_else(|| panic!("no token {name}"));
    let mut values = line.split("oklch(").skip(1).map(|it| {
        let numbers: Vec<f64> = it
            .split(')')
            .next()
            .expect("a colour ends")
            .split_whitespace()
            .map(|it| it.parse().expect("a number"))
            .collect();
        luminance(numbers[0], numbers[1], numbers[2])
    });
    [(); 2].map(|()| values.next().expect("two colours"))
}

/// Relative luminance of an OKLCH colour (Björn Ottosson's matrices), clipped to sRGB.
fn luminance(l: f64, chroma: f64, hue: f64) -> f64 {
    let (a, b) = (
        chroma * hue.to_radians().cos(),
        chroma * hue.to_radians().sin(),
    );
    let cubed = |it: f64| it * it * it;
    let long = cubed(l + 0.396_337_777_4 * a + 0.215_803_757_3 * b);
    let middle = cubed(l - 0.105_561_345_8 * a - 0.063_854_172_8 * b);
    let short = cubed(l - 0.089_484_177_5 * a - 1.291_485_548_0 * b);
    let red = 4.076_741_662_1 * long - 3.307_711_591_3 * middle + 0.230_969_929_2 * short;
    let green = -1.268_438_004_6 * long + 2.609_757_401_1 * middle - 0.341_319_396_5 * short;
    let blue = -0.004_196_086_3 * long - 0.703_418_614_7 * middle + 1.707_614_701_0 * short;
    0.2126 * red.clamp(0.0, 1.0) + 0.7152 * green.clamp(0.0, 1.0) + 0.0722 * blue.clamp(0.0, 1.0)
}

fn contrast(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn colours_can_be_told_apart() {
    let papers = ["ground", "surface", "wash", "waiting-wash"];
    let texts = ["ink", "quiet", "accent", "sure", "fault", "waiting-ink"];
    let shapes = ["edge", "waiting"];
    let needed = texts
        .iter()
        .map(|it| (it, 4.5))
        .chain(shapes.iter().map(|it| (it, 3.0)));
    for (text, least) in needed {
        for paper in &papers[..if least > 4.0 { 4 } else { 2 }] {
            for (mode, (text_light, paper_light)) in
                pair(text).into_iter().zip(pair(paper)).enumerate()
            {
                let found = contrast(text_light, paper_light);
                assert!(
                    found >= least,
                    "{text} on {paper}, mode {mode}: {found:.2} < {least}"
                );
            }
        }
    }
    for (text, button) in pair("on-accent").into_iter().zip(pair("accent")) {
        assert!(contrast(text, button) >= 4.5);
    }
}
