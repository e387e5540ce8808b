import { defineConfig } from 'aludel';

export default defineConfig({
  // A path counts from this file. Without "database", DATABASE_URL is used.
  database: 'sqlite:./sample.db',
  versionLocations: ['versions'],
});
