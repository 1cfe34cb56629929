/** The version that the bridge names itself by; a test keeps it equal to package.json's. */
export const version = '0.1.0';
