public import Foundation

/// This checkout.
public enum Repository {
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
    /// The folder of its golden files.
    public static let goldens = root.appending(path: "Golden")
}
