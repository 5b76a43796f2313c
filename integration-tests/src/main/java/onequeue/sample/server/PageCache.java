package onequeue.sample.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Pages in memory, used without a look at the disk until a change notice puts them in doubt.
 *
 * <p>A notice only makes a page suspect. The next request for it compares the times of its files
 * and reads it again if one differs. Files are read outside the lock; {@code changes} tells whether
 * a notice came in meanwhile, in which case the page goes in as a suspect. Any thread.
 */
final class PageCache {
  private final Site site;
  private final ReentrantLock lock = new ReentrantLock();

  // All three are guarded by the lock.
  private final Map<Path, Page> pages = new HashMap<>();
  private final Set<Path> suspects = new HashSet<>();
  private long changes;

  PageCache(Site site) {
    this.site = site;
  }

  /**
   * The page of a template, from memory if it can be trusted.
   *
   * @param template a real path in the site
   * @return the page
   * @throws IOException when it has to be read and cannot be
   */
  Page get(Path template) throws IOException {
    Page page;
    long changesBefore;
    lock.lock();
    try {
      page = pages.get(template);
      if (page != null && !suspects.contains(template)) {
        return page;
      }
      changesBefore = changes;
    } finally {
      lock.unlock();
    }
    if (page == null || !page.isCurrent()) {
      page = Page.read(site, template);
    }
    put(template, page, changesBefore);
    return page;
  }

  private void put(Path template, Page page, long changesBefore) {
    lock.lock();
    try {
      pages.put(template, page);
      if (changes == changesBefore) {
        suspects.remove(template);
      } else {
        suspects.add(template);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Puts the pages made from a file in doubt. */
  void changed(Path file) {
    lock.lock();
    try {
      changes++;
      pages.forEach(
          (template, page) -> {
            if (page.sources().containsKey(file)) {
              suspects.add(template);
            }
          });
    } finally {
      lock.unlock();
    }
  }

  /** Puts all pages in doubt: notices were lost. */
  void allChanged() {
    lock.lock();
    try {
      changes++;
      suspects.addAll(pages.keySet());
    } finally {
      lock.unlock();
    }
  }
}
