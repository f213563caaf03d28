package dev.jebena.repositories;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jgit.attributes.Attribute;
import org.eclipse.jgit.attributes.AttributesNode;
import org.eclipse.jgit.attributes.AttributesRule;
import org.eclipse.jgit.ignore.IgnoreNode;
import org.jspecify.annotations.Nullable;

/// Which files are kept as large ones, and which are not to be uploaded at all: what the
/// repository's `.gitattributes` and `.gitignore` say.
final class UploadRules {
    /// Larger files are never kept in git itself.
    static final long LARGEST_REGULAR = 10L << 20;

    private static final int MOST_BYTES = 1 << 20;

    private final List<AttributesRule> rules;
    private final IgnoreNode ignored = new IgnoreNode();

    /// @param ignore a `.gitignore` that is being uploaded; null for the one that is there
    UploadRules(Snapshot files, @Nullable String ignore) throws IOException {
        AttributesNode node = new AttributesNode();
        parse(files.small(".gitattributes", MOST_BYTES), node::parse);
        rules = node.getRules();
        byte[] given = ignore == null ? null : ignore.getBytes(StandardCharsets.UTF_8);
        parse(given == null ? files.small(".gitignore", MOST_BYTES) : given, ignored::parse);
    }

    @FunctionalInterface
    private interface Parser {
        void parse(java.io.InputStream in) throws IOException;
    }

    private static void parse(byte @Nullable [] bytes, Parser parser) throws IOException {
        if (bytes != null) {
            parser.parse(new ByteArrayInputStream(bytes));
        }
    }

    /// Whether the file at a path is to be a large one.
    ///
    /// @param sample its first bytes
    boolean isLarge(String path, long size, byte[] sample) {
        Boolean ruled = null;
        for (AttributesRule rule : rules) {
            if (rule.isMatch(path, false)) {
                for (Attribute attribute : rule.getAttributes()) {
                    if (attribute.getKey().equals("filter")) {
                        ruled = "lfs".equals(attribute.getValue());
                    }
                }
            }
        }
        return size > LARGEST_REGULAR || (ruled == null ? !isText(sample) : ruled);
    }

    /// Whether bytes are UTF-8 without NUL; the last character may be cut.
    private static boolean isText(byte[] sample) {
        for (byte b : sample) {
            if (b == 0) {
                return false;
            }
        }
        for (int cut = 0; cut < 4 && cut <= sample.length; cut++) {
            try {
                StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(sample, 0, sample.length - cut));
                return true;
            } catch (CharacterCodingException _) {
                // Perhaps with one byte less.
            }
        }
        return false;
    }

    boolean isIgnored(String path) {
        return ignored.isIgnored(path, false) == IgnoreNode.MatchResult.IGNORED;
    }
}
