package dev.jebena.llm.internal.engine;

import dev.jebena.llm.LlmException;
import dev.jebena.llm.Session;
import dev.jebena.llm.internal.model.KvPool;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/// Saves what the engine has computed of a text, and takes it back. For the engine's thread.
public final class SessionStore {
    private final PrefixTree tree;
    private final KvPool pool;

    SessionStore(PrefixTree tree, KvPool pool) {
        this.tree = tree;
        this.pool = pool;
    }

    /// Writes a session with what is still there of its tokens' keys and values; returns for how
    /// many of them.
    ///
    /// @param kind what besides tokens decides what the pages hold
    /// @param model the model's fingerprint
    /// @param adapters the adapters in words
    /// @param context tokens at most
    public int save(
            Path file, Session session, Object kind, byte[] model, String adapters, int context) {
        SequencePages pages = new SequencePages(kind);
        int[] tokens = session.tokens();
        // As for a prompt of one more token, which would have to be computed.
        int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
        longer[tokens.length] = -1;
        int positions = tree.adopt(longer, longer.length, pages);
        try {
            SessionFile.write(
                    file,
                    new SessionFile.Owner(model, adapters, pool, context),
                    new SessionFile.Header(session, positions),
                    out -> {
                        for (int i = 0; i < pages.count(); i++) {
                            pool.write(pages.offsets()[i], out);
                        }
                    });
        } finally {
            tree.release(tokens, positions, pages);
        }
        return positions;
    }

    /// Reads a session and keeps its keys and values for the next prompt that begins with its
    /// tokens.
    public Session restore(Path file, Object kind, byte[] model, String adapters, int context) {
        SequencePages pages = new SequencePages(kind);
        SessionFile.Owner owner = new SessionFile.Owner(model, adapters, pool, context);
        int held = 0;
        int[] tokens = {};
        try {
            SessionFile.Header header =
                    SessionFile.read(file, owner, (head, in) -> fill(head, in, pages));
            tokens = header.session().tokens();
            held = header.positions();
            return header.session();
        } finally {
            // Of a file that turned out to be damaged nothing is kept.
            tree.release(tokens, held, pages);
        }
    }

    private void fill(SessionFile.Header header, DataInputStream in, SequencePages pages)
            throws IOException {
        int count = pool.pagesFor(header.positions());
        if (count > tree.free()) {
            throw new LlmException(
                    LlmException.Code.OUT_OF_MEMORY,
                    "the session needs %d pages of the key/value cache; %d are free"
                            .formatted(count, tree.free()));
        }
        tree.take(pages, count);
        for (int i = 0; i < count; i++) {
            pool.read(pages.offsets()[i], in);
        }
    }
}
