/// Transformer families as graphs of shared building blocks.
///
/// An [dev.jebena.llm.internal.model.Architecture] reads [dev.jebena.llm.internal.model.Weights]
/// and describes a [dev.jebena.llm.internal.model.Graph]; a [dev.jebena.llm.internal.model.Pass]
/// carries the rows of one step through it. To add a family, write one file that implements
/// `Architecture` and name it in [dev.jebena.llm.internal.model.Architectures].
@NullMarked
package dev.jebena.llm.internal.model;

import org.jspecify.annotations.NullMarked;
