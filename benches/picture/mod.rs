//! Pictures of what was measured: lines on two logarithmic axes, as an SVG that can be read on light and on dark.
//!
//! Every line has a colour, a dash and a mark of its own, so that nobody needs the colours to tell them apart.

use std::fmt::Write as _;
use std::path::Path;

/// Points that belong together.
pub struct Line {
    /// What they are.
    pub name: String,
    /// Where they are; all above 0.
    pub points: Vec<(f64, f64)>,
    /// Whether it is only there to compare with.
    pub thin: bool,
}

/// A picture.
pub struct Picture<'p> {
    /// What it shows.
    pub title: &'p str,
    /// What goes to the right, with its unit.
    pub across: &'p str,
    /// What goes up, with its unit.
    pub up: &'p str,
    /// The lines.
    pub lines: Vec<Line>,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 460.0;
const LEFT: f64 = 90.0;
const RIGHT: f64 = 730.0;
const TOP: f64 = 130.0;
const BOTTOM: f64 = 390.0;
const STYLE: &str = "\
text{font-family:'Segoe UI',Helvetica,Arial,'DejaVu Sans',sans-serif;font-size:14px;fill:#1b1f24}.title{font-size:18px;\
font-weight:bold}.page{fill:#ffffff}.grid{stroke:#d0d7de;stroke-width:1}.line{fill:none;stroke-width:2.5}.thin{\
stroke-width:1.2}.c0{stroke:#0b5cad}.c1{stroke:#a3470b}.c2{stroke:#1a6b3c}.c3{stroke:#7a3e9d}.c4{stroke:#57606a}\
.mark{stroke-width:2;fill:#ffffff}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}.grid{\
stroke:#30363d}.c0{stroke:#79c0ff}.c1{stroke:#ffa657}.c2{stroke:#7ee787}.c3{stroke:#d2a8ff}.c4{stroke:#9da7b3}.mark{\
fill:#0d1117}}";
const DASHES: [&str; 5] = ["", "9 5", "3 4", "12 4 3 4", "2 6"];

/// One axis: from where to where, and where it lies in the picture.
struct Axis {
    least: f64,
    most: f64,
    from: f64,
    to: f64,
}

impl Axis {
    fn over(values: impl Iterator<Item = f64> + Clone, from: f64, to: f64) -> Axis {
        let least = values.clone().fold(f64::INFINITY, f64::min);
        let most = values.fold(f64::NEG_INFINITY, f64::max);
        // A little room at both ends.
        let room = (most / least).max(1.5).powf(0.06);
        Axis { least: least / room, most: most * room, from, to }
    }

    fn at(&self, value: f64) -> f64 {
        let part = (value / self.least).ln() / (self.most / self.least).ln();
        self.from + part * (self.to - self.from)
    }

    /// Round numbers that lie on it.
    fn ticks(&self) -> Vec<f64> {
        let wide = self.most / self.least > 1_000.0;
        let steps: &[f64] = if wide { &[1.0] } else { &[1.0, 2.0, 5.0] };
        let decades = (self.least.log10().floor() as i32)..=(self.most.log10().ceil() as i32);
        let all = decades.flat_map(|decade| steps.iter().map(move |step| step * 10f64.powi(decade)));
        all.filter(|tick| (self.least..=self.most).contains(tick)).collect()
    }
}

/// A number as people write it.
fn number(value: f64) -> String {
    if value < 1.0 {
        return format!("{}", (value * 1e6).round() / 1e6);
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A mark at a point, of a shape for each line.
fn mark(svg: &mut String, shape: usize, (x, y): (f64, f64)) {
    let _ = match shape % 4 {
        0 => writeln!(svg, "<circle class=\"mark c{shape}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"/>"),
        1 => {
            let (x, y) = (x - 4.5, y - 4.5);
            writeln!(svg, "<rect class=\"mark c{shape}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"9\" height=\"9\"/>")
        }
        2 => {
            let points = format!("{x:.1},{:.1} {:.1},{:.1} {:.1},{:.1}", y - 6.0, x - 5.5, y + 4.5, x + 5.5, y + 4.5);
            writeln!(svg, "<polygon class=\"mark c{shape}\" points=\"{points}\"/>")
        }
        _ => {
            let (left, right, above, below) = (x - 6.0, x + 6.0, y - 6.0, y + 6.0);
            let points = format!("{x:.1},{above:.1} {right:.1},{y:.1} {x:.1},{below:.1} {left:.1},{y:.1}");
            writeln!(svg, "<polygon class=\"mark c{shape}\" points=\"{points}\"/>")
        }
    };
}

impl Picture<'_> {
    /// The picture as SVG.
    pub fn svg(&self) -> String {
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let across = Axis::over(points().map(|(x, _)| *x), LEFT, RIGHT);
        let up = Axis::over(points().map(|(_, y)| *y), BOTTOM, TOP);
        let said: Vec<String> = self
            .lines
            .iter()
            .map(|line| {
                let points: Vec<String> = line.points.iter().map(|(x, y)| format!("{} at {x}", round(*y))).collect();
                format!("{}: {}", line.name, points.join(", "))
            })
            .collect();
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" \
             height=\"{HEIGHT}\" role=\"img\">\n<title>{}</title>\n<desc>{}. Up: {}. Across: {}.</desc>\n\
             <style>{STYLE}</style>\n<rect class=\"page\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>\n\
             <text class=\"title\" x=\"24\" y=\"32\">{}</text>\n",
            self.title,
            said.join(". "),
            self.up,
            self.across,
            self.title
        );
        for tick in across.ticks() {
            let (x, below) = (across.at(tick), BOTTOM + 22.0);
            let _ = writeln!(
                svg,
                "<line class=\"grid\" x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{BOTTOM}\"/>\n\
                 <text x=\"{x:.1}\" y=\"{below}\" text-anchor=\"middle\">{}</text>",
                number(tick)
            );
        }
        for tick in up.ticks() {
            let (y, beside) = (up.at(tick), LEFT - 10.0);
            let _ = writeln!(
                svg,
                "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{RIGHT}\" y2=\"{y:.1}\"/>\n\
                 <text x=\"{beside}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                y + 5.0,
                number(tick)
            );
        }
        let (middle, bottom) = ((LEFT + RIGHT) / 2.0, HEIGHT - 18.0);
        let _ = writeln!(
            svg,
            "<text x=\"{middle}\" y=\"{bottom}\" text-anchor=\"middle\">{}</text>\n\
             <text x=\"24\" y=\"{}\">Up: {}</text>",
            self.across,
            TOP - 12.0,
            self.up
        );
        for (shape, line) in self.lines.iter().enumerate() {
            let shape = shape % DASHES.len();
            let thin = if line.thin { " thin" } else { "" };
            let points: Vec<(f64, f64)> = line.points.iter().map(|(x, y)| (across.at(*x), up.at(*y))).collect();
            let along: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            let dash = DASHES[shape];
            let _ = writeln!(
                svg,
                "<polyline class=\"line c{shape}{thin}\" stroke-dasharray=\"{dash}\" points=\"{}\"/>",
                along.join(" ")
            );
            if !line.thin {
                points.iter().for_each(|point| mark(&mut svg, shape, *point));
            }
            // What it is, above the axes: three beside each other.
            let (x, y) = (24.0 + 240.0 * (shape % 3) as f64, 60.0 + 24.0 * (shape / 3) as f64);
            let (to, text, middle) = (x + 44.0, x + 54.0, x + 22.0);
            let _ = writeln!(
                svg,
                "<polyline class=\"line c{shape}{thin}\" stroke-dasharray=\"{dash}\" points=\"{x},{y} {to},{y}\"/>\n\
                 <text x=\"{text}\" y=\"{}\">{}</text>",
                y + 5.0,
                line.name
            );
            if !line.thin {
                mark(&mut svg, shape, (middle, y));
            }
        }
        svg.push_str("</svg>\n");
        svg
    }

    /// Keeps the picture in `docs/pictures`, where `--pictures` asks for it.
    pub fn keep(&self, name: &str) {
        if !std::env::args().any(|argument| argument == "--pictures") {
            return;
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
        std::fs::write(folder.join(name), self.svg()).expect("the picture can be written");
        println!("(see docs/pictures/{name})\n");
    }
}

/// Three digits are enough to see.
fn round(value: f64) -> f64 {
    let unit = 10f64.powi(value.abs().log10().floor() as i32 - 2);
    ((value / unit).round() * unit * 1e6).round() / 1e6
}
