//! The manual's own word as a pest parser. A module of its own because the derive writes items that cannot carry documentation.
#![allow(missing_docs, reason = "the derive documents rules from the .pest files but not its own helpers")]

use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "../values.pest"]
#[grammar = "../canonical.pest"]
#[grammar = "../mms.pest"]
#[grammar = "../files.pest"]
#[grammar = "../bearer.pest"]
#[grammar = "../core.pest"]
pub(crate) struct Canonical;
