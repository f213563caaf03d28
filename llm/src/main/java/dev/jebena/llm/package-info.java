/// Language models as a library.
///
/// [dev.jebena.llm.Llm] is a loaded model with its engine; [dev.jebena.llm.Generation] says how to
/// sample; [dev.jebena.llm.Answer] is an answer while it is being made:
///
/// ```java
/// try (Llm llm = Llm.load(Path.of("model.gguf"))) {
///     IO.println(llm.chat("What is a jebena?"));
/// }
/// ```
@NullMarked
package dev.jebena.llm;

import org.jspecify.annotations.NullMarked;
