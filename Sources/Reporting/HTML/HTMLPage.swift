internal import Conformance

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The page: a frame, its style and its scripts, and between them the run as JSON.
///
/// JSON within HTML ends at the next `</script`, and text that came from elsewhere may hold one. So no `<` stands in it: a
/// string says it as an escape.
enum HTMLPage {
    static func text(title: String, run: PageRun, failures: [PageFailure]) -> String {
        [
            asset(PackageResources.head_html), "<title>convcheck: \(escaped(title))</title>\n<style>\n",
            asset(PackageResources.page_css), "</style>\n</head>\n", asset(PackageResources.body_html),
            block("run", [json(run)]), block("rows", failures.map { json($0.row) }),
            block("details", failures.map { json($0.details) }), "<script>\n",
            asset(PackageResources.picture_js), asset(PackageResources.window_js), asset(PackageResources.case_js),
            asset(PackageResources.page_js),
            "</script>\n</body>\n</html>\n",
        ].joined()
    }

    /// A block of data, one JSON value a line.
    private static func block(_ name: String, _ lines: [String]) -> String {
        "<script type=\"application/json\" id=\"\(name)\">\n\(lines.map { $0 + "\n" }.joined())</script>\n"
    }

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    private static func json(_ value: some Encodable) -> String {
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self).replacing("<", with: "\\u003c")
        } catch {
            preconditionFailure("plain values were not encoded: \(error)")
        }
    }

    /// Text as an element's content.
    private static func escaped(_ text: String) -> String {
        SafeText.line(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    private static func asset(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
