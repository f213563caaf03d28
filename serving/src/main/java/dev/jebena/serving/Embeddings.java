package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.llm.Embedding;
import dev.jebena.llm.Llm;
import dev.jebena.tokenizers.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Texts to vectors, for all protocols.
final class Embeddings {
    /// @param tokens tokens of all texts
    record Vectors(List<float[]> vectors, int tokens) {}

    private static final int MAX_INPUTS = 4096;

    private Embeddings() {}

    /// The vectors of field `name`: a string, an array of strings, token ids, or arrays of them.
    ///
    /// @param truncate cut a text that is longer than the context instead of refusing it
    /// @param dimensions shorten the vectors to this many and normalize them again; null for all
    static Vectors of(
            RequestFields request,
            String name,
            ModelLease lease,
            boolean truncate,
            @Nullable Long dimensions) {
        return of(request, name, lease, truncate, dimensions, true);
    }

    /// @param normalize whether all vectors get length 1
    static Vectors of(
            RequestFields request,
            String name,
            ModelLease lease,
            boolean truncate,
            @Nullable Long dimensions,
            boolean normalize) {
        Llm llm = embedding(lease);
        List<int[]> inputs = inputs(request, name, llm.tokenizer());
        return vectors(request, name, inputs, llm, truncate, dimensions, normalize);
    }

    /// The vectors of texts that came in field `name`.
    static Vectors of(
            RequestFields request,
            String name,
            List<String> texts,
            ModelLease lease,
            boolean truncate) {
        Llm llm = embedding(lease);
        List<int[]> inputs = texts.stream().map(t -> llm.tokenizer().encode(t)).toList();
        return vectors(request, name, inputs, llm, truncate, null, true);
    }

    private static Llm embedding(ModelLease lease) {
        if (!lease.llm().info().embeds()) {
            throw new HttpException(
                            400,
                            "unsupported",
                            "Model '"
                                    + lease.model().name()
                                    + "' continues text and makes no embeddings")
                    .param("model");
        }
        return lease.llm();
    }

    private static Vectors vectors(
            RequestFields request,
            String name,
            List<int[]> inputs,
            Llm llm,
            boolean truncate,
            @Nullable Long dimensions,
            boolean normalize) {
        if (inputs.size() > MAX_INPUTS) {
            throw request.invalid(
                    name, "at most " + MAX_INPUTS + " texts at once, found " + inputs.size());
        }
        List<float[]> vectors = new ArrayList<>();
        int tokens = 0;
        for (int[] ids : inputs) {
            int[] fitting = fitting(ids, llm, truncate);
            Embedding embedding = normalize ? llm.embed(fitting) : llm.embedRaw(fitting);
            tokens += embedding.tokens();
            vectors.add(shortened(request, embedding.vector(), dimensions, normalize));
        }
        return new Vectors(vectors, tokens);
    }

    private static List<int[]> inputs(RequestFields request, String name, Tokenizer tokenizer) {
        List<int[]> inputs = new ArrayList<>();
        switch (request.value(name)) {
            case String text -> inputs.add(tokenizer.encode(text));
            case List<?> list when !list.isEmpty() && list.getFirst() instanceof Number ->
                    inputs.add(request.ids(name, list, tokenizer.vocabularySize()));
            case List<?> list -> {
                for (Object element : list) {
                    inputs.add(
                            switch (element) {
                                case String text -> tokenizer.encode(text);
                                case List<?> ids when !ids.isEmpty() ->
                                        request.ids(name, ids, tokenizer.vocabularySize());
                                case null, default ->
                                        throw request.invalid(
                                                name, "expected strings or arrays of token ids");
                            });
                }
            }
            case null, default ->
                    throw request.invalid(name, "expected a string, strings, or token ids");
        }
        return inputs;
    }

    // The last token (`[SEP]`, EOS) closes the text and stays.
    private static int[] fitting(int[] ids, Llm llm, boolean truncate) {
        int limit = llm.contextLength();
        if (ids.length <= limit || limit < 2) {
            return ids;
        }
        if (!truncate) {
            throw new HttpException(
                    400,
                    "context_length_exceeded",
                    "This model's context holds "
                            + limit
                            + " tokens, but a text has "
                            + ids.length);
        }
        int[] cut = Arrays.copyOf(ids, limit);
        cut[limit - 1] = ids[ids.length - 1];
        return cut;
    }

    private static float[] shortened(
            RequestFields request, float[] vector, @Nullable Long dimensions, boolean normalize) {
        if (dimensions == null || dimensions == vector.length) {
            return vector;
        }
        if (dimensions > vector.length) {
            throw request.invalid(
                    "dimensions",
                    "the model's vectors have " + vector.length + ", found " + dimensions);
        }
        float[] part = Arrays.copyOf(vector, dimensions.intValue());
        if (!normalize) {
            return part;
        }
        double sum = 0;
        for (float x : part) {
            sum += (double) x * x;
        }
        double norm = Math.sqrt(sum);
        for (int i = 0; norm > 0 && i < part.length; i++) {
            part[i] = (float) (part[i] / norm);
        }
        return part;
    }
}
