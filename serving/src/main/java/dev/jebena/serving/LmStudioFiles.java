package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// LM Studio's namespace `files`: texts that chats attach.
final class LmStudioFiles implements LmStudioEndpoints {
    private static final long LIFE_SECONDS = 86_400;

    private final StoredFiles files;

    LmStudioFiles(StoredFiles files) {
        this.files = files;
    }

    @Override
    public @Nullable Object call(String endpoint, RequestFields parameter) {
        if (!endpoint.equals("uploadFileBase64")) {
            throw LmStudioEndpoints.unknown(endpoint);
        }
        String name = parameter.required("name");
        byte[] content;
        try {
            content = Base64.getMimeDecoder().decode(parameter.required("contentBase64"));
        } catch (IllegalArgumentException e) {
            throw parameter.invalid("contentBase64", "not base64: " + e.getMessage());
        }
        Map<String, @Nullable Object> file =
                files.add(
                        name, StoredFiles.HIDDEN, new ByteArrayInputStream(content), LIFE_SECONDS);
        return HttpJson.object(
                "identifier", file.get("id"),
                "fileType", type(name),
                "sizeBytes", content.length);
    }

    private static String type(String name) {
        String end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (end) {
            case "png", "jpg", "jpeg", "webp", "gif" -> "image";
            case "txt", "md" -> "text/plain";
            case "pdf" -> "application/pdf";
            case "doc", "docx" -> "application/word";
            case "csv", "json", "xml", "html", "py", "java", "js", "ts" -> "text/other";
            default -> "unknown";
        };
    }
}
