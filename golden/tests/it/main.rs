//! The transcripts against the manual: nothing printed is missing, nothing printed is changed without an erratum.

mod asked;
mod cut;
mod dialogue;
mod fault_matrix;
mod heard;
mod invalid;
mod killed;
mod laws;
mod power;
mod printed;
mod qualification;
mod quiet;
mod redaction;
mod rejudged;
mod round_trip;
mod sameness;
mod standards;
mod suite;
mod trace;
