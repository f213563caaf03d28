package dev.jebena.langchain4j;

import dev.jebena.llm.Llm;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;

/// Vectors of texts, of length 1.
public final class JebenaEmbeddingModel implements EmbeddingModel {
    private final Llm llm;

    private JebenaEmbeddingModel(Llm llm) {
        this.llm = llm;
    }

    /// @param llm a model made for embeddings; it stays its owner's to close
    public static JebenaEmbeddingModel of(Llm llm) {
        if (!llm.info().embeds()) {
            throw new IllegalArgumentException(
                    llm.info().name() + " continues text and makes no embeddings");
        }
        return new JebenaEmbeddingModel(llm);
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        return EngineExceptions.mapped(() -> {
            List<Embedding> vectors = new ArrayList<>();
            int tokens = 0;
            for (TextSegment segment : segments) {
                dev.jebena.llm.Embedding embedding = llm.embed(segment.text());
                vectors.add(Embedding.from(embedding.vector()));
                tokens += embedding.tokens();
            }
            return Response.from(vectors, new TokenUsage(tokens));
        });
    }

    @Override
    public String modelName() {
        return llm.info().name();
    }
}
