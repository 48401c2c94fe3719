//! Tests of the grammar against tables: what each rule accepts, with spans, and what it refuses.

mod coverage;
mod rows;
