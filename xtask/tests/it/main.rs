//! The house rules as tests: who may know whom, and how a file is kept.

mod edges;
mod handing_on;
mod house;
mod tidy;
