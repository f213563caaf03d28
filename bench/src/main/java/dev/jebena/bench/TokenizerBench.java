package dev.jebena.bench;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.jebena.tokenizers.Tokenizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Encoding speed on one thread against the Rust library `tokenizers` (DJL's binding).
///
/// ```
/// TokenizerBench TOKENIZER.json TEXT...
/// ```
///
/// Each text is cut into documents of about 8 KiB at line ends. The two libraries take turns, and
/// the median of the turns counts, in CPU time of the thread: other processes disturb it least.
public final class TokenizerBench {
    private static final int DOCUMENT = 8 << 10;
    private static final int ROUNDS = 9;

    private TokenizerBench() {}

    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            IO.println("usage: TokenizerBench TOKENIZER.json TEXT...");
            return;
        }
        Path file = Path.of(args[0]);
        Tokenizer ours = Tokenizer.ofJson(file);
        try (HuggingFaceTokenizer peer = open(file)) {
            for (String text : Arrays.asList(args).subList(1, args.length)) {
                compare(ours, peer, Path.of(text));
            }
        }
    }

    private static HuggingFaceTokenizer open(Path file) throws IOException {
        return HuggingFaceTokenizer.builder()
                .optTokenizerPath(file)
                .optTruncation(false)
                .optPadding(false)
                .build();
    }

    private static void compare(Tokenizer ours, HuggingFaceTokenizer peer, Path file)
            throws IOException {
        List<String> documents = documents(Files.readString(file));
        long bytes = 0;
        int different = 0;
        for (String document : documents) {
            bytes += document.getBytes(StandardCharsets.UTF_8).length;
            long[] expected = peer.encode(document, false, false).getIds();
            int[] ids = ours.encode(document, false, true);
            different +=
                    Arrays.equals(Arrays.stream(ids).asLongStream().toArray(), expected) ? 0 : 1;
        }
        double[] ourTimes = new double[ROUNDS];
        double[] peerTimes = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            ourTimes[round] =
                    seconds(() ->
                            documents.forEach(document -> ours.encode(document, false, true)));
            peerTimes[round] =
                    seconds(() ->
                            documents.forEach(document -> peer.encode(document, false, false)));
        }
        double ourSpeed = bytes / median(ourTimes) / 1e6;
        double peerSpeed = bytes / median(peerTimes) / 1e6;
        IO.println(
                String.format(
                        "%s (%.1f MB, %d documents, %d differ): %.1f MB/s, Rust %.1f MB/s, ratio %.1f",
                        file.getFileName(),
                        bytes / 1e6,
                        documents.size(),
                        different,
                        ourSpeed,
                        peerSpeed,
                        ourSpeed / peerSpeed));
    }

    private static List<String> documents(String text) {
        List<String> documents = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', Math.min(text.length(), at + DOCUMENT)) + 1;
            end = end == 0 ? text.length() : end;
            documents.add(text.substring(at, end));
            at = end;
        }
        return documents;
    }

    private static double seconds(Runnable work) {
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        work.run();
        return (threads.getCurrentThreadCpuTime() - start) / 1e9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
