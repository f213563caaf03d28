package dev.jebena.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// A form as Jetty reads it: small parts in memory, others in a temporary folder.
final class JettyForm implements HttpForm {
    private static final int MAX_PARTS = 100;
    private static final long MEMORY_BYTES = 64 << 10;
    private static final int FIELD_BYTES = 64 << 10;

    private final MultiPartFormData.Parts parts;
    private final Path folder;
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    private final Map<String, MultiPart.Part> files = new HashMap<>();

    private JettyForm(MultiPartFormData.Parts parts, Path folder) {
        this.parts = parts;
        this.folder = folder;
        for (MultiPart.Part part : parts) {
            if (part.getFileName() != null) {
                files.put(part.getName(), part);
            } else if (part.getLength() > FIELD_BYTES) {
                throw HttpException.invalid(
                        part.getName(),
                        "Field '" + part.getName() + "' is longer than " + FIELD_BYTES + " bytes");
            } else {
                fields.put(part.getName(), part.getContentAsString(StandardCharsets.UTF_8));
            }
        }
    }

    static JettyForm of(Request request, long limit) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || !type.startsWith("multipart/form-data")) {
            throw new HttpException(
                    415,
                    "unsupported_type",
                    "Expected a body of type multipart/form-data, found " + type);
        }
        if (request.getLength() > limit) {
            throw HttpExchange.tooLarge(limit);
        }
        Path folder = temporaryFolder();
        MultiPartFormData.Parts parts = null;
        try {
            MultiPartConfig config =
                    new MultiPartConfig.Builder()
                            .location(folder)
                            .maxParts(MAX_PARTS)
                            .maxSize(limit)
                            .maxPartSize(limit)
                            .maxMemoryPartSize(MEMORY_BYTES)
                            .build();
            parts = MultiPartFormData.getParts(request, request, type, config);
            return new JettyForm(parts, folder);
        } catch (RuntimeException e) {
            if (parts != null) {
                parts.close();
            }
            remove(folder);
            throw refused(e, limit);
        }
    }

    private static HttpException refused(RuntimeException e, long limit) {
        if (e instanceof HttpException known) {
            return known;
        }
        Throwable cause = e instanceof CompletionException ? e.getCause() : e;
        String reason = cause == null ? e.toString() : String.valueOf(cause.getMessage());
        return reason.contains("max") && reason.contains("exceeded")
                ? HttpExchange.tooLarge(limit)
                : new HttpException(400, "bad_body", "The form cannot be read: " + reason)
                        .causedBy(e);
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("jebena-form");
        } catch (IOException e) {
            throw Problem.storage("cannot make a folder for the upload", e);
        }
    }

    private static void remove(Path folder) {
        try {
            DurableFiles.deleteTree(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, @Nullable Object> fields() {
        return fields;
    }

    @Override
    public Set<String> files() {
        return files.keySet();
    }

    @Override
    public @Nullable File file(String name) {
        MultiPart.Part part = files.get(name);
        if (part == null) {
            return null;
        }
        String sent = part.getFileName() == null ? "" : part.getFileName();
        String plain = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
        return new File(
                plain, part.getLength(), Content.Source.asInputStream(part.createContentSource()));
    }

    @Override
    public void close() {
        parts.close();
        remove(folder);
    }
}
