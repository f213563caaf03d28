/// LangChain4j's models over a [dev.jebena.llm.Llm] in this process: no server, no network.
///
/// ```java
/// try (Llm llm = Llm.load(Path.of("model.gguf"))) {
///     ChatModel model = JebenaChatModel.builder().llm(llm).temperature(0.2).build();
///     IO.println(model.chat("Why is the sky blue?"));
/// }
/// ```
///
/// [JebenaChatModel] and [JebenaStreamingChatModel] answer, with tools and JSON Schema;
/// [JebenaEmbeddingModel] and [JebenaScoringModel] compare texts; [JebenaTokenCountEstimator]
/// counts.
@NullMarked
package dev.jebena.langchain4j;

import org.jspecify.annotations.NullMarked;
