#![no_std]
//! THE BYTES.
