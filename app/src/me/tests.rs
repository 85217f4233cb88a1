//! What 自分 must show.
