//! The manual's word with named tolerances as a pest parser. See `canonical.rs` for why it is a module of its own.
#![allow(missing_docs, reason = "the derive documents rules from the .pest files but not its own helpers")]

use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "../values.pest"]
#[grammar = "../tolerant.pest"]
#[grammar = "../mms.pest"]
#[grammar = "../files.pest"]
#[grammar = "../bearer.pest"]
#[grammar = "../core.pest"]
pub(crate) struct Tolerant;
