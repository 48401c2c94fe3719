//! The transcripts.
