//! What is in the component: nothing that it asks for, and what a host calls. And that a look would see it if it were not so.
#![allow(clippy::panic)]

use onward_componentise::{LARGEST, Look, Which, look, model_place, place, wrong};

fn built() -> Vec<u8> {
    let place = place();
    std::fs::read(&place).unwrap_or_else(|_| panic!("`cargo xtask component` writes the component this test reads"))
}

#[test]
fn the_component_imports_nothing_exports_the_engine_and_is_small() {
    let component = built();
    assert_eq!(look(&component), Ok(Look { imports: Vec::new(), exports: vec![Which::Engine.exports().to_string()] }));
    assert!(component.len() <= LARGEST, "{}", component.len());
    assert_eq!(wrong(&component, Which::Engine), Vec::<String>::new());
}

#[test]
fn the_example_of_a_model_imports_nothing_and_is_a_model() {
    let model = std::fs::read(model_place()).expect("`cargo xtask component` writes it");
    assert_eq!(wrong(&model, Which::Model), Vec::<String>::new());
    assert_eq!(wrong(&model, Which::Engine).len(), 1);
}

#[test]
fn no_path_of_the_machine_it_was_built_on_is_in_it() {
    let component = built();
    let text = String::from_utf8_lossy(&component);
    for path in ["/home/", "/root/", "/tmp/", "/work/", "\\Users\\", ".cargo/registry", env!("CARGO_MANIFEST_DIR")] {
        let around = text.find(path).map(|at| text[at..].chars().take(80).collect::<String>());
        assert_eq!(around, None, "{path}");
    }
}

#[test]
fn what_imports_something_exports_something_else_or_is_too_large_is_seen() {
    // A component with one import: its header, a type that is an empty instance, and the import of that.
    let header = [0, b'a', b's', b'm', 0x0d, 0, 1, 0];
    let types = [7, 3, 1, 0x42, 0];
    let import = [10, 8, 1, 0, 3, b'a', b':', b'b', 5, 0];
    let importing: Vec<u8> = [&header[..], &types, &import].concat();
    let seen = wrong(&importing, Which::Engine);
    assert!(seen.iter().any(|it| it.starts_with("it imports a:b")), "{seen:?}");
    assert!(seen.iter().any(|it| it.starts_with("it exports")), "{seen:?}");
    let mut large = built();
    large.resize(LARGEST + 1, 0);
    assert!(wrong(&large, Which::Engine).iter().any(|it| it.contains("and may have")));
    assert!(wrong(b"no component", Which::Engine).iter().any(|it| it.starts_with("it is no component")));
}
