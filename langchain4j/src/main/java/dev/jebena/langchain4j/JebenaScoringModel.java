package dev.jebena.langchain4j;

import dev.jebena.llm.Embedding;
import dev.jebena.llm.Llm;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.model.scoring.ScoringModel;
import java.util.ArrayList;
import java.util.List;

/// How near texts are to a query: the cosine of their embeddings, from -1 to 1. It stands in for a
/// cross-encoder, which would read both texts at once.
public final class JebenaScoringModel implements ScoringModel {
    private final Llm llm;

    private JebenaScoringModel(Llm llm) {
        this.llm = llm;
    }

    /// @param llm a model made for embeddings; it stays its owner's to close
    public static JebenaScoringModel of(Llm llm) {
        if (!llm.info().embeds()) {
            throw new IllegalArgumentException(
                    llm.info().name() + " continues text and makes no embeddings");
        }
        return new JebenaScoringModel(llm);
    }

    @Override
    public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
        return EngineExceptions.mapped(() -> {
            Embedding wanted = llm.embed(query);
            int tokens = wanted.tokens();
            List<Double> scores = new ArrayList<>();
            for (TextSegment segment : segments) {
                Embedding embedding = llm.embed(segment.text());
                tokens += embedding.tokens();
                scores.add(cosine(wanted.vector(), embedding.vector()));
            }
            return Response.from(scores, new TokenUsage(tokens));
        });
    }

    // The vectors have length 1.
    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return Math.clamp(sum, -1, 1);
    }
}
