/* The head of Mien's AppImage: a program that needs nothing of the system, with a squashfs image behind it.

   It mounts the image with FUSE and becomes the AppRun in it. Where FUSE is missing it unpacks the image into a
   temporary folder, runs that, and removes it. The interface is that of AppImage's type 2: "AI\2" at byte 8 of
   the file (written by appimage/build.py), the options below, and $APPIMAGE, $APPDIR, $ARGV0 and $OWD.
   Linked statically with squashfuse (BSD-2-Clause) and libfuse (LGPL-2.1). */
#define _GNU_SOURCE
#define FUSE_USE_VERSION 31
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <squashfuse/squashfuse.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *HELP =
    "An AppImage: a program and all that it needs, in one file.\n"
    "  --appimage-extract          unpack it into ./squashfs-root\n"
    "  --appimage-extract-and-run  unpack it into a temporary folder, run it, remove the folder\n"
    "  --appimage-mount            mount it, print where, and wait for Ctrl-C\n"
    "  --appimage-offset           print where the squashfs image begins, in bytes\n"
    "  --appimage-version          print the version of this head\n"
    "Every other argument goes to the program.\n";
static const double FOREVER = 86400; /* s; nothing in the image ever changes */
static const int CANNOT_START = 2;   /* as of Mien itself */

static sqfs image;
static pid_t child;

static int fail(const char *sentence) {
  fprintf(stderr, "%s\n", sentence);
  return CANNOT_START;
}

/* The image begins where the ELF file ends: behind its section headers. 0 if it is no ELF file. */
static size_t image_offset(const char *path) {
  Elf64_Ehdr head;
  size_t end = 0;
  FILE *file = fopen(path, "rb");
  if (file && fread(&head, sizeof head, 1, file) == 1)
    end = head.e_shoff + (size_t)head.e_shentsize * head.e_shnum;
  if (file) fclose(file);
  return end;
}

static int find(const char *path, sqfs_inode *inode) {
  bool found = false;
  if (sqfs_inode_get(&image, inode, sqfs_inode_root(&image))) return -EIO;
  if (sqfs_lookup_path(&image, inode, path, &found)) return -EIO;
  return found ? 0 : -ENOENT;
}

static void describe(const sqfs_inode *inode, struct stat *about) {
  memset(about, 0, sizeof *about);
  about->st_mode = inode->base.mode;
  about->st_nlink = inode->nlink;
  about->st_mtime = about->st_ctime = about->st_atime = inode->base.mtime;
  about->st_uid = geteuid();
  about->st_gid = getegid();
  if (S_ISREG(inode->base.mode)) about->st_size = inode->xtra.reg.file_size;
  if (S_ISLNK(inode->base.mode)) about->st_size = inode->xtra.symlink_size;
  about->st_blocks = (about->st_size + 511) / 512;
}

/* --- the image as a file system ------------------------------------------------------------------------- */

static void *begin(struct fuse_conn_info *connection, struct fuse_config *config) {
  (void)connection;
  config->kernel_cache = 1;
  config->entry_timeout = config->attr_timeout = config->negative_timeout = FOREVER;
  return NULL;
}

static int get_attributes(const char *path, struct stat *about, struct fuse_file_info *file) {
  (void)file;
  sqfs_inode inode;
  int error = find(path, &inode);
  if (!error) describe(&inode, about);
  return error;
}

static int read_link(const char *path, char *text, size_t size) {
  sqfs_inode inode;
  int error = find(path, &inode);
  if (error) return error;
  return sqfs_readlink(&image, &inode, text, &size) ? -EINVAL : 0;
}

static int read_folder(const char *path, void *out, fuse_fill_dir_t fill, off_t offset,
                       struct fuse_file_info *file, enum fuse_readdir_flags flags) {
  (void)offset, (void)file, (void)flags;
  sqfs_inode inode;
  sqfs_dir folder;
  sqfs_dir_entry entry;
  sqfs_name name;
  sqfs_err why = SQFS_OK;
  int error = find(path, &inode);
  if (error) return error;
  if (sqfs_dir_open(&image, &inode, &folder, 0)) return -ENOTDIR;
  fill(out, ".", NULL, 0, 0);
  fill(out, "..", NULL, 0, 0);
  sqfs_dentry_init(&entry, name);
  while (sqfs_dir_next(&image, &folder, &entry, &why)) fill(out, sqfs_dentry_name(&entry), NULL, 0, 0);
  return why ? -EIO : 0;
}

static int open_file(const char *path, struct fuse_file_info *file) {
  if ((file->flags & O_ACCMODE) != O_RDONLY) return -EROFS;
  sqfs_inode *inode = malloc(sizeof *inode);
  if (!inode) return -ENOMEM;
  int error = find(path, inode);
  if (error) free(inode);
  else file->fh = (uintptr_t)inode;
  return error;
}

static int read_file(const char *path, char *out, size_t size, off_t offset, struct fuse_file_info *file) {
  (void)path;
  sqfs_off_t count = size;
  if (sqfs_read_range(&image, (sqfs_inode *)(uintptr_t)file->fh, offset, &count, out)) return -EIO;
  return (int)count;
}

static int close_file(const char *path, struct fuse_file_info *file) {
  (void)path;
  free((void *)(uintptr_t)file->fh);
  return 0;
}

static const struct fuse_operations OPERATIONS = {
    .init = begin, .getattr = get_attributes, .readlink = read_link, .readdir = read_folder,
    .open = open_file, .read = read_file, .release = close_file,
};

struct watch {
  int alive;
  struct fuse *fuse;
  const char *folder;
};

/* The program holds the other end of a pipe: when it ends, however it ends, the image is unmounted. */
static void *unmount_at_the_end(void *given) {
  struct watch *watch = given;
  char byte;
  while (read(watch->alive, &byte, 1) < 0 && errno == EINTR) {}
  fuse_exit(watch->fuse);
  fuse_unmount(watch->fuse);
  rmdir(watch->folder);
  exit(0);
}

/* Whether the image could be mounted at `folder`; then this process has a child that serves it until all that
   this process becomes has ended. */
static bool mount_image(const char *self, size_t offset, const char *folder) {
  int alive[2], ready[2];
  char byte = 0;
  if (access("/dev/fuse", R_OK | W_OK) || pipe(alive) || pipe(ready)) return false;
  pid_t server = fork();
  if (server == 0) {
    close(alive[1]), close(ready[0]);
    setsid(); /* Ctrl-C is for the program */
    int quiet = open("/dev/null", O_RDWR);
    dup2(quiet, 0), dup2(quiet, 1), dup2(quiet, 2);
    char *words[] = {"mien", "-o", "ro,nodev,nosuid,fsname=mien,subtype=squashfuse", NULL};
    struct fuse_args arguments = FUSE_ARGS_INIT(3, words);
    if (sqfs_open_image(&image, self, offset)) _exit(1);
    struct watch watch = {alive[0], fuse_new(&arguments, &OPERATIONS, sizeof OPERATIONS, NULL), folder};
    pthread_t waiting;
    if (!watch.fuse || fuse_mount(watch.fuse, folder)) _exit(1);
    if (pthread_create(&waiting, NULL, unmount_at_the_end, &watch)) _exit(1);
    if (write(ready[1], "1", 1) != 1) _exit(1);
    close(ready[1]);
    fuse_loop(watch.fuse);
    pthread_join(waiting, NULL);
    _exit(0);
  }
  close(alive[0]), close(ready[1]);
  bool mounted = server > 0 && read(ready[0], &byte, 1) == 1;
  close(ready[0]);
  if (!mounted) {
    close(alive[1]);
    if (server > 0) waitpid(server, NULL, 0);
  }
  return mounted;
}

/* --- the image as a folder ------------------------------------------------------------------------------ */

static bool unpack_file(sqfs_inode *inode, const char *path) {
  static char buffer[1 << 20];
  int out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, inode->base.mode & 0777);
  bool whole = out >= 0;
  for (sqfs_off_t at = 0, end = inode->xtra.reg.file_size; whole && at < end;) {
    sqfs_off_t count = sizeof buffer;
    whole = !sqfs_read_range(&image, inode, at, &count, buffer) && count > 0 &&
            write(out, buffer, count) == (ssize_t)count;
    at += count;
  }
  return out >= 0 && !close(out) && whole;
}

static bool unpack_entry(sqfs_traverse *walk, const char *path) {
  sqfs_inode inode;
  char target[PATH_MAX];
  size_t size = sizeof target;
  if (sqfs_inode_get(&image, &inode, sqfs_dentry_inode(&walk->entry))) return false;
  if (S_ISDIR(inode.base.mode)) return !mkdir(path, 0755);
  if (S_ISREG(inode.base.mode)) return unpack_file(&inode, path);
  return S_ISLNK(inode.base.mode) && !sqfs_readlink(&image, &inode, target, &size) && !symlink(target, path);
}

/* Whether everything in the image now lies in `folder`, which exists. */
static bool unpack(const char *self, size_t offset, const char *folder) {
  sqfs_traverse walk;
  sqfs_err why = SQFS_OK;
  char path[PATH_MAX];
  if (sqfs_open_image(&image, self, offset)) return false;
  if (sqfs_traverse_open(&walk, &image, sqfs_inode_root(&image))) return false;
  while (sqfs_traverse_next(&walk, &why)) {
    if (walk.dir_end) continue;
    if (snprintf(path, sizeof path, "%s/%s", folder, walk.path) >= (int)sizeof path) return false;
    if (!unpack_entry(&walk, path)) return false;
  }
  sqfs_traverse_close(&walk);
  return !why;
}

static void remove_folder(const char *folder) {
  if (fork() == 0) {
    execlp("rm", "rm", "-rf", "--one-file-system", folder, (char *)NULL);
    _exit(1);
  }
  wait(NULL);
}

static void pass_on(int number) {
  if (child > 0) kill(child, number);
}

static int become(const char *folder, char **arguments) {
  char program[PATH_MAX];
  setenv("APPDIR", folder, 1);
  snprintf(program, sizeof program, "%s/AppRun", folder);
  execv(program, arguments);
  perror(program);
  return CANNOT_START;
}

static int run_unpacked(const char *self, size_t offset, const char *folder, char **arguments) {
  int status = 0;
  if (!unpack(self, offset, folder)) {
    remove_folder(folder);
    return fail("Mien cannot be unpacked: 500 MB must be free; $TMPDIR names another folder.");
  }
  child = fork();
  if (child == 0) return become(folder, arguments);
  signal(SIGINT, SIG_IGN); /* the terminal tells the program itself */
  signal(SIGTERM, pass_on), signal(SIGHUP, pass_on);
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  remove_folder(folder);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int count, char **arguments) {
  char self[PATH_MAX], folder[PATH_MAX], here[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  if (length < 0) return fail("Mien cannot start: /proc is not mounted.");
  self[length] = 0;
  size_t offset = image_offset(self);
  const char *asked = count > 1 && !strncmp(arguments[1], "--appimage-", 11) ? arguments[1] + 11 : "";
  const char *temporary = getenv("TMPDIR");

  if (!strcmp(asked, "help")) return fputs(HELP, stdout) < 0;
  if (!strcmp(asked, "offset")) return printf("%zu\n", offset) < 0;
  if (!strcmp(asked, "version")) return printf("Mien's own, type 2\n") < 0;
  if (!strcmp(asked, "extract")) {
    if (mkdir("squashfs-root", 0755)) return fail("The folder squashfs-root cannot be made here, or exists.");
    return unpack(self, offset, "squashfs-root") ? 0 : fail("The AppImage could not be unpacked as a whole.");
  }
  snprintf(folder, sizeof folder, "%s/.mount_mienXXXXXX", temporary && *temporary ? temporary : "/tmp");
  if (!mkdtemp(folder)) return fail("Mien finds no temporary folder: $TMPDIR names one.");
  setenv("APPIMAGE", self, 1);
  setenv("ARGV0", arguments[0], 1);
  if (getcwd(here, sizeof here)) setenv("OWD", here, 1);
  const char *unpacked = getenv("APPIMAGE_EXTRACT_AND_RUN");
  if (!strcmp(asked, "extract-and-run")) {
    arguments[1] = arguments[0];
    return run_unpacked(self, offset, folder, arguments + 1);
  }
  if (unpacked && !strcmp(unpacked, "1")) return run_unpacked(self, offset, folder, arguments);
  bool mounted = mount_image(self, offset, folder);
  if (!strcmp(asked, "mount")) {
    if (!mounted) return rmdir(folder), fail("FUSE is missing here: use --appimage-extract.");
    printf("%s\n", folder);
    fflush(stdout);
    pause();
    return 0;
  }
  return mounted ? become(folder, arguments) : run_unpacked(self, offset, folder, arguments);
}
