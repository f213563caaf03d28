/// The engine: one thread for each model that computes the requests of everybody together.
///
/// An [dev.jebena.llm.internal.engine.Engine] is the thread; a
/// [dev.jebena.llm.internal.engine.Scheduler] decides what the next step computes.
@NullMarked
package dev.jebena.llm.internal.engine;

import org.jspecify.annotations.NullMarked;
