//! The catalogue as its users meet it: it parses, it is whole, its mistakes have places, its effects are the gate's.

mod effects;
mod mistakes;
mod tables;
