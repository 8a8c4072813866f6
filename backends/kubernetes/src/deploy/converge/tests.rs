//! Judgements about recorded answers.
