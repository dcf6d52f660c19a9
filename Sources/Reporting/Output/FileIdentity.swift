internal import SystemPackage

/// Which file a path leads to, whatever it is called: symbolic links are followed, and hard links are one file.
///
/// A path at which nothing is yet is known by its folder and its name.
public struct FileIdentity: Hashable, Sendable {
    private let device: DeviceID
    private let inode: Inode
    /// The name in the folder that device and inode tell, where there is no such file yet.
    private let newName: String?

    /// The file at a path, or that would be made there; `nil` where not even its folder is.
    public init?(path: String) {
        guard !path.isEmpty else { return nil }
        let path = FilePath(path)
        if let stat = try? path.stat() {
            self.init(stat)
        } else {
            let folder = path.removingLastComponent()
            guard let name = path.lastComponent, let stat = try? (folder.isEmpty ? "." : folder).stat() else {
                return nil
            }
            self.init(stat, newName: name.string)
        }
    }

    init(_ stat: Stat, newName: String? = nil) {
        device = stat.deviceID
        inode = stat.inode
        self.newName = newName
    }

    /// Where standard output goes, if that is a file on a disk.
    public static var redirectedOutput: FileIdentity? {
        guard let stat = try? FileDescriptor.standardOutput.stat(), stat.type == .regular else { return nil }
        return FileIdentity(stat)
    }

    /// What is written to it is read by nobody, so that any number of writers may.
    static let nullDevice = FileIdentity(path: "/dev/null")
}
