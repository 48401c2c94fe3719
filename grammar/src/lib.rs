//! The language on paper, executable.
