//! How a link ends, beside signing: refused, returned with disagreements, handed over, asked.
