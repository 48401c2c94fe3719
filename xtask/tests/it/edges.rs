//! Who may know whom. The rules are absences, so they are checked on the whole graph that cargo resolves: transitive, normal dependencies.
//!
//! What may be added freely: outside crates below a room that is allowed to have them. What may not: an edge between rooms that the table
//! below does not draw.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

use crate::house;

/// The rooms, and the rooms that each may know through a normal dependency, directly or not.
const ROOMS: [(&str, &[&str]); 11] = [
    ("ec20-at", &[]),
    ("ec20-golden", &[]),
    ("ec20-grammar", &[]),
    (
        "ec20-hil",
        &[
            "ec20-at",
            "ec20-golden",
            "ec20-grammar",
            "ec20-manual",
            "ec20-sim",
            "ec20-suite",
            "mms-pdu",
            "mmsc",
        ],
    ),
    ("ec20-laws", &["ec20-at", "ec20-grammar", "ec20-manual", "ec20-sim", "ec20-suite", "mms-pdu", "mmsc"]),
    ("ec20-manual", &[]),
    ("ec20-sim", &["ec20-at", "ec20-manual", "mms-pdu"]),
    ("ec20-suite", &["ec20-at", "ec20-grammar", "ec20-manual", "mms-pdu"]),
    ("mms-pdu", &[]),
    ("mmsc", &["mms-pdu"]),
    ("xtask", &[]),
];

/// The resolved graph: who depends on whom for what it ships.
struct Graph {
    names: BTreeMap<PackageId, String>,
    edges: BTreeMap<PackageId, Vec<PackageId>>,
    members: BTreeMap<String, PackageId>,
}

impl Graph {
    /// The graph, resolved once for all tests of this file.
    fn load() -> &'static Self {
        static GRAPH: LazyLock<Graph> = LazyLock::new(Graph::resolve);
        &GRAPH
    }

    fn resolve() -> Self {
        let metadata: Metadata = MetadataCommand::new()
            .manifest_path(house::root().join("Cargo.toml"))
            .exec()
            .expect("cargo knows the workspace");
        let names =
            metadata.packages.iter().map(|package| (package.id.clone(), package.name.to_string())).collect();
        let members = metadata
            .workspace_packages()
            .iter()
            .map(|package| (package.name.to_string(), package.id.clone()))
            .collect();
        let resolve = metadata.resolve.expect("cargo resolves the workspace");
        let normal = |dependency: &cargo_metadata::NodeDep| {
            dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal)
        };
        let edges = resolve
            .nodes
            .into_iter()
            .map(|node| {
                (node.id, node.deps.into_iter().filter(normal).map(|dependency| dependency.pkg).collect())
            })
            .collect();
        Self { names, edges, members }
    }

    /// The names of all packages that `member` reaches, without itself.
    fn reach(&self, member: &str) -> BTreeSet<&str> {
        let start =
            self.members.get(member).unwrap_or_else(|| panic!("{member} is no member of the workspace"));
        let mut seen = BTreeSet::new();
        let mut open = vec![start];
        while let Some(package) = open.pop() {
            for next in &self.edges[package] {
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
        seen.into_iter().map(|id| self.names[id].as_str()).collect()
    }

    /// The rooms among `reach`.
    fn rooms(&self, member: &str) -> BTreeSet<&str> {
        self.reach(member).into_iter().filter(|name| self.members.contains_key(*name)).collect()
    }
}

#[test]
fn the_table_names_every_room() {
    let drawn: Vec<&str> = ROOMS.iter().map(|(room, _)| *room).collect();
    let graph = Graph::load();
    let built: Vec<&str> = graph.members.keys().map(String::as_str).collect();
    assert_eq!(built, drawn);
}

#[test]
fn no_room_knows_a_room_it_must_not_know() {
    let graph = Graph::load();
    for (room, allowed) in ROOMS {
        let allowed: BTreeSet<&str> = allowed.iter().copied().collect();
        let known = graph.rooms(room);
        let forbidden: Vec<_> = known.difference(&allowed).collect();
        assert!(forbidden.is_empty(), "{room} must not know {forbidden:?}");
    }
}

#[test]
fn the_two_readings_do_not_know_each_other() {
    let graph = Graph::load();
    assert!(!graph.reach("ec20-at").contains("ec20-grammar"), "the parser must not read through the grammar");
    assert!(!graph.reach("ec20-grammar").contains("ec20-at"), "the grammar must not read through the parser");
}

#[test]
fn the_parser_depends_on_nothing() {
    assert_eq!(Graph::load().reach("ec20-at"), BTreeSet::new());
}

#[test]
fn the_grammar_depends_on_pest_alone() {
    let graph = Graph::load();
    let direct = &graph.edges[&graph.members["ec20-grammar"]];
    let foreign: Vec<_> = direct
        .iter()
        .map(|id| graph.names[id].as_str())
        .filter(|name| !["pest", "pest_derive"].contains(name))
        .collect();
    assert!(foreign.is_empty(), "ec20-grammar may depend on pest and nothing else, not on {foreign:?}");
}

#[test]
fn the_suite_does_not_know_the_simulator() {
    assert!(
        !Graph::load().reach("ec20-suite").contains("ec20-sim"),
        "a suite that knows the simulator will fit the simulator"
    );
}

#[test]
fn only_the_bench_opens_serial_ports() {
    let graph = Graph::load();
    let holders: Vec<_> =
        graph.members.keys().filter(|member| graph.reach(member).contains("serialport")).collect();
    assert_eq!(holders, ["ec20-hil"]);
}

#[test]
fn the_automation_knows_no_product_crate() {
    assert_eq!(Graph::load().rooms("xtask"), BTreeSet::new());
}
