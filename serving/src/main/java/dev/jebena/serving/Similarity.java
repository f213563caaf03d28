package dev.jebena.serving;

import dev.jebena.llm.Embedding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// How near texts are to each other: the scores of a cross-encoder, which reads both texts at once,
/// or with another model the cosine of their embeddings, from -1 to 1.
///
/// @param scores one for each pair of texts
/// @param tokens tokens of all texts
record Similarity(List<Double> scores, int tokens) {
    /// Each of `texts` with the one `query`.
    ///
    /// @param name field that the texts came in, for errors
    static Similarity of(
            RequestFields request,
            String name,
            String query,
            List<String> texts,
            ModelLease lease) {
        return of(request, name, List.of(query), texts, lease);
    }

    /// The pairs of the two lists; a single text is paired with all of the other list.
    static Similarity of(
            RequestFields request,
            String name,
            List<String> first,
            List<String> second,
            ModelLease lease) {
        int pairs = Math.max(first.size(), second.size());
        if (Math.min(first.size(), second.size()) != 1 && first.size() != second.size()) {
            throw request.invalid(
                    name,
                    "expected one text or as many as on the other side, found "
                            + first.size()
                            + " and "
                            + second.size());
        }
        if (lease.llm().ranks()) {
            return ranked(first, second, pairs, lease);
        }
        List<String> texts = new ArrayList<>(first);
        texts.addAll(second);
        boolean truncate = request.flag("truncate", false);
        Embeddings.Vectors vectors = Embeddings.of(request, name, texts, lease, truncate);
        List<Double> scores = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            float[] a = vectors.vectors().get(first.size() == 1 ? 0 : i);
            float[] b = vectors.vectors().get(first.size() + (second.size() == 1 ? 0 : i));
            scores.add(cosine(a, b));
        }
        return new Similarity(scores, vectors.tokens());
    }

    private static Similarity ranked(
            List<String> first, List<String> second, int pairs, ModelLease lease) {
        List<Double> scores = new ArrayList<>();
        int tokens = 0;
        for (int i = 0; i < pairs; i++) {
            String one = first.get(first.size() == 1 ? 0 : i);
            String other = second.get(second.size() == 1 ? 0 : i);
            Embedding score = lease.llm().rank(one, other);
            scores.add((double) score.vector()[0]);
            tokens += score.tokens();
        }
        return new Similarity(scores, tokens);
    }

    // The vectors have length 1.
    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return Math.clamp(sum, -1, 1);
    }

    /// The indexes of the texts, the nearest first; equal ones in their order.
    List<Integer> ranking() {
        return IntStream.range(0, scores.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores.get(i)))
                .toList();
    }
}
