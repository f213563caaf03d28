/// Models of Hugging Face's transformers by their repository's name, ready for what they were
/// trained for.
///
/// [dev.jebena.transformers.Transformers] loads one, [dev.jebena.transformers.Pipeline] is what
/// comes back, [dev.jebena.transformers.Task] names what it may do:
///
/// ```java
/// FillMask model = Transformers.load("google-bert/bert-base-uncased", Task.FILL_MASK);
/// for (FillMask.Filling filling : model.fill("The jebena is a [MASK] pot.")) {
///     IO.println(filling.sequence() + " " + filling.score());
/// }
/// ```
@NullMarked
package dev.jebena.transformers;

import org.jspecify.annotations.NullMarked;
