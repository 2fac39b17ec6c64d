//! A visit: from the posted secret, through the mailed code, to the pages read.
